/** What others change is shown without reloading: the page follows the feed of changes while it is open. */
import { useEffect } from 'react'
import { idOf } from '../documents'
import { type Follower, newFollower } from '../following'
import { RegisterOtherChangesDocument, RegisterTreeChangesDocument } from '../generated/graphql'
import { type Result, type StoredOperation, workingOrg } from '../program'
import { loggedIn } from '../session'
import { createStore, useStore } from '../store'
import { type Change, FOLLOWED } from './touches'

/** How long changes are gathered, so that each answer that they touch is asked again once. */
const TOGETHER_MS = 200
const RETRY_MS = 5_000

/** Whether changes are followed now. */
export const isLive = createStore(true)

type Show = (changes: Change[]) => Promise<void>

/** Call `onChanges` with what is changed while the component is shown; it must stay the same function. */
export function useLive(onChanges: Show): void {
  const isLoggedIn = useStore(loggedIn)
  const org = useStore(workingOrg)

  useEffect(() => {
    const follower = newFollower()
    const gather = gathering(onChanges)
    const others = { entities: FOLLOWED }
    const followed = [
      followForEver(follower, { documentId: idOf(RegisterTreeChangesDocument), variables: {} }, gather.add),
      followForEver(follower, { documentId: idOf(RegisterOtherChangesDocument), variables: others }, gather.add),
    ]
    return () => {
      followed.forEach((stop) => { stop() })
      gather.stop()
      follower.end()
    }
  }, [isLoggedIn, org, onChanges])
}

/** Follow a subscription, again after each failure from where it was, until the returned function is called. */
function followForEver(follower: Follower, operation: StoredOperation, onChange: (change: Change) => void): () => void {
  const variables: Record<string, unknown> = { ...operation.variables as object }
  let isOver = false
  let retry: ReturnType<typeof setTimeout> | undefined

  function take({ data, errors }: Result): void {
    if (isOver) return
    isLive.set(errors === undefined)
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
