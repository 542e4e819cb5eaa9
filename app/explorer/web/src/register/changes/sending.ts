/** Mutations are sent with an Idempotency-Key, so that one whose answer was lost is sent again and runs once. */
import { dataOf, idOf, NoAnswer } from '../../documents'
import type { TypedDocumentString } from '../../generated/graphql'
import { texts } from './texts'
import type { UserError } from './errors'

/** Sends mutations; a request that is repeated without having been answered is sent with the key that it had. */
interface Sender {
  send: <T extends object, V>(document: TypedDocumentString<T, V>, variables: V, reason?: string) => Promise<T>
}

export function newSender(): Sender {
  let unanswered = { request: '', key: '' }

  return {
    async send(document, variables, reason = '') {
      const request = JSON.stringify([idOf(document), variables])
      const key = unanswered.request === request ? unanswered.key : newKey()
      unanswered = { request, key }
      const data = await dataOf(document, variables, headersOf(key, reason)).catch(inWords)
      unanswered = { request: '', key: '' }
      return data
    },
  }
}

/** Return why nothing was written: the errors of all payloads. */
export function errorsIn(data: object): UserError[] {
  return Object.values(data as Record<string, { errors?: UserError[] } | null>).flatMap((payload) => payload?.errors ?? [])
}

function headersOf(key: string, reason: string): Record<string, string> {
  const why = reason.trim().replace(/\s+/g, ' ')
  return { 'idempotency-key': key, ...(why !== '' && { 'x-change-reason': encodeURIComponent(why) }) }
}

/** Browsers have `crypto.randomUUID` only in secure contexts. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (each) => each.toString(16).padStart(8, '0')).join('-')
}

/** `fetch` throws a TypeError when there is no connection. */
function inWords(error: unknown): never {
  if (error instanceof TypeError || error instanceof NoAnswer) throw new Error(texts.noAnswer)
  throw error
}
