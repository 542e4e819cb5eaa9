/**
 * Subscriptions, over a WebSocket at the URL of GraphQL. It is open while there are any.
 *
 * When it breaks, or the token has ended, the client connects again with a new token. A subscription whose document has
 * the variable `$after` then goes on after its last cursor; any other one goes on with what happens from then on.
 */
import { createClient, type SubscribePayload } from 'graphql-ws'
import { urlOf } from './addresses'
import { credentials, type Operation, type Result, type StoredOperation } from './program'
import { texts } from './texts'

/** Follows subscriptions as the one who is logged in, in the organisation that is worked in, when it connects. */
export interface Follower {
  /** Follow what an operation is told, and call `onResult` with each answer. */
  follow: (operation: Operation | StoredOperation, onResult?: (result: Result) => void) => AsyncIterableIterator<Result>
  /** Close the WebSocket. */
  end: () => void
}

const LONGEST_WAIT_SECONDS = 30
const JITTER_SECONDS = 3

/**
 * Wait before another connection. The client counts all retries since the program accepted the last one, however often subscriptions
 * have given up: without a limit the page would wait about as long as the outage has lasted.
 */
async function retryWait(retries: number): Promise<void> {
  const seconds = Math.min(2 ** retries, LONGEST_WAIT_SECONDS) + Math.random() * JITTER_SECONDS
  await new Promise((resolve) => { setTimeout(resolve, seconds * 1000) })
}

function socketUrl(): string {
  const url = new URL(urlOf('graphql'))
  url.protocol = url.protocol.replace('http', 'ws')
  return url.href
}

/** Make a follower, which calls `onConnected` each time that the program has accepted its WebSocket. */
export function newFollower(onConnected = () => { /* not needed by all */ }): Follower {
  const client = createClient({
    url: socketUrl, connectionParams: credentials, lazyCloseTimeout: 1000, retryWait, on: { connected: onConnected },
  })

  function follow(operation: Operation | StoredOperation, onResult?: (result: Result) => void): AsyncIterableIterator<Result> {
    const variables: Record<string, unknown> = { ...operation.variables as object }
    const asked: SubscribePayload = { query: '', ...operation, variables } // sent anew each time; the client needs a query
    const answers = client.iterate(asked) as AsyncIterableIterator<Result>

    async function next(): Promise<IteratorResult<Result>> {
      const answer = await answers.next().catch((problem: unknown) => ({ done: false, value: failureOf(problem) }))
      if (answer.done !== true) {
        variables.after = cursorIn(answer.value) ?? variables.after
        onResult?.(answer.value)
      }
      return answer
    }

    return { next, return: async () => await answers.return?.() ?? { done: true, value: undefined }, [Symbol.asyncIterator]() { return this } }
  }

  return { follow, end() { void client.dispose() } }
}

function cursorIn({ data }: Result): unknown {
  const [event] = Object.values(data ?? {}) as ({ cursor?: unknown } | null)[]
  return event?.cursor
}

/** The answer that says why a subscription has ended: the errors of the program, or the close of the WebSocket. */
function failureOf(problem: unknown): Result {
  if (Array.isArray(problem)) return { errors: problem as NonNullable<Result['errors']> }
  const { reason } = problem as { reason?: string }
  return { errors: [{ message: reason === undefined || reason === '' ? texts.failed : reason }] }
}
