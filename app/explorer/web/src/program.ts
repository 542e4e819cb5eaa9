/** Requests to the program, as the one who is logged in. */
import { urlOf } from './addresses'
import { accessToken, forget, loggedIn, renew } from './session'
import { createStore } from './store'
import { texts } from './texts'

export interface Operation {
  query: string
  variables?: unknown
  operationName?: string | null | undefined
}

/** An operation whose document the program has, by its id. */
export interface StoredOperation {
  documentId: string
  variables?: unknown
}

export interface Failure {
  message: string
  extensions?: { code?: string }
}

export interface Result {
  data?: Record<string, unknown> | null
  errors?: Failure[]
  extensions?: { cost?: Cost }
}

/** Null is what a refused operation was not measured for. */
export interface Cost {
  estimated: number | null
  estimatedLimit: number
  actual: number | null
}

const REASONS: Record<string, string> = {
  INTROSPECTION_REFUSED: texts.introspectionOff,
  DOCUMENT_NOT_TRUSTED: texts.trustedOnly,
}

/** What a person has to know of a failure: what to switch on, or what the program says. */
export function reasonOf(failure: Failure | undefined): string {
  return REASONS[failure?.extensions?.code ?? ''] ?? failure?.message ?? texts.failed
}

/** The id of the organisation that requests are narrowed to; empty for none. */
export const workingOrg = createStore('')

/** How often there was a reason to ask anew what the caller may do: a refusal, or a time in which nothing was heard. */
export const rightsDoubts = createStore(0)

export function doubtRights(): void {
  rightsDoubts.set(rightsDoubts.get() + 1)
}

const JSON_TYPE = 'application/json'
const UNAUTHENTICATED = 401

export async function ask(operation: Operation | StoredOperation, headers: HeadersInit = {}): Promise<Result> {
  return await (await send(operation, JSON_TYPE, headers)).json() as Result
}

/** Send an operation; after a refused token once more, with a new one. */
export async function send(operation: Operation | StoredOperation, accept: string, headers: HeadersInit = {}): Promise<Response> {
  const response = await post(operation, accept, headers)
  if (response.status !== UNAUTHENTICATED || !loggedIn.get()) return response
  await renew()
  const again = await post(operation, accept, headers)
  if (again.status === UNAUTHENTICATED) forget()
  return again
}

/** The headers that say who asks. */
export async function credentials(): Promise<Record<string, string>> {
  const token = await accessToken()
  return {
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(workingOrg.get() !== '' && { 'cadastre-org': workingOrg.get() }),
  }
}

async function post(operation: Operation | StoredOperation, accept: string, own: HeadersInit): Promise<Response> {
  const headers = new Headers(own)
  const given = { accept, 'content-type': JSON_TYPE, ...await credentials() }
  for (const [name, value] of Object.entries(given)) headers.set(name, value)
  return fetch(urlOf('graphql'), { method: 'POST', headers, body: JSON.stringify(operation) })
}
