/** What others change is shown without reloading: the page follows the feed of changes while it is open. */
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { idOf } from '../documents'
import { type Follower, newFollower } from '../following'
import { RegisterOtherChangesDocument, RegisterPositionDocument, RegisterTreeChangesDocument } from '../generated/graphql'
import { doubtRights, type Result, type StoredOperation, workingOrg } from '../program'
import { loggedIn } from '../session'
import { createStore, useStore } from '../store'
import { queryOf } from './queries'
import { type Change, FOLLOWED } from './touches'

/** How long changes are gathered, so that each answer that they touch is asked again once. */
const TOGETHER_MS = 200
const RETRY_MS = 5_000

/** Whether all changes are followed now. */
export const isLive = createStore(true)

type Show = (changes: Change[]) => Promise<void>

/**
 * Return the query of the position after which changes are followed: null where the caller sees no change yet. What is
 * asked once it is known misses no change.
 */
export function usePosition(queries: QueryClient) {
  const options = queryOf(RegisterPositionDocument, {}, () => false)
  return useQuery({ ...options, select: ({ changeFeed }) => changeFeed?.pageInfo.endCursor ?? null }, queries)
}

/**
 * Call `onChanges` with what is changed after a position while the component is shown; it must stay the same function.
 * Nothing is followed while the position is undefined.
 */
export function useLive(position: string | null | undefined, onChanges: Show): void {
  const isLoggedIn = useStore(loggedIn)
  const org = useStore(workingOrg)

  useEffect(() => {
    if (position === undefined) return
    const health = newHealth()
    const follower = newFollower(health.recover)
    const gather = gathering(onChanges)
    const followed = [
      { documentId: idOf(RegisterTreeChangesDocument), variables: { after: position } },
      { documentId: idOf(RegisterOtherChangesDocument), variables: { after: position, entities: FOLLOWED } },
    ].map((operation) => followForEver(follower, operation, { onChange: gather.add, onHealth: health.part() }))
    return () => {
      followed.forEach((stop) => { stop() })
      gather.stop()
      follower.end()
    }
  }, [isLoggedIn, org, position, onChanges])
}

/**
 * Changes are followed where none of the subscriptions has failed since the program accepted the WebSocket. When it accepts another
 * one, rights may have changed in between.
 */
function newHealth(): { recover: () => void; part: () => (isWell: boolean) => void } {
  const failed = new Set<number>()
  let parts = 0
  let isFirst = true

  function tell(): void {
    isLive.set(failed.size === 0)
  }

  tell()
  return {
    recover() {
      if (!isFirst) doubtRights()
      isFirst = false
      failed.clear()
      tell()
    },
    part() {
      const own = parts++
      return (isWell) => {
        if (isWell) failed.delete(own)
        else failed.add(own)
        tell()
      }
    },
  }
}

interface Listeners {
  onChange: (change: Change) => void
  onHealth: (isWell: boolean) => void
}

/** Follow a subscription, again after each failure from where it was, until the returned function is called. */
function followForEver(follower: Follower, operation: StoredOperation, { onChange, onHealth }: Listeners): () => void {
  const variables: Record<string, unknown> = { ...operation.variables as object }
  let isOver = false
  let retry: ReturnType<typeof setTimeout> | undefined

  function take({ data, errors }: Result): void {
    if (isOver) return
    onHealth(errors === undefined)
    const event = data?.changes as { cursor: string; change: Change | null } | undefined
    if (event === undefined) return
    variables.after = event.cursor
    if (event.change !== null) onChange(event.change)
  }

  async function run(): Promise<void> {
    for await (const result of follower.follow({ ...operation, variables })) take(result)
    if (!isOver) retry = setTimeout(() => { void run() }, RETRY_MS)
  }

  void run()
  return () => {
    isOver = true
    clearTimeout(retry)
  }
}

/**
 * Gather changes, and call `onChanges` with those of a short while. The next ones wait until it has shown these: a request
 * that is sent again before it is answered would never be answered while changes go on.
 */
function gathering(onChanges: Show): { add: (change: Change) => void; stop: () => void } {
  let gathered: Change[] = []
  let isBusy = false

  async function tell(): Promise<void> {
    isBusy = true
    while (gathered.length > 0) {
      await new Promise((resolve) => { setTimeout(resolve, TOGETHER_MS) })
      const changes = gathered
      gathered = []
      await onChanges(changes)
    }
    isBusy = false
  }

  return {
    add(change) {
      gathered.push(change)
      if (!isBusy) void tell()
    },
    stop() { gathered = [] },
  }
}
