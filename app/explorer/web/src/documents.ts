/** The documents of the page, which the program knows by their ids: only the id is sent. */
import type { TypedDocumentString } from './generated/graphql'
import { doubtRights, type Failure, reasonOf, type Result, send } from './program'

/** Why the program has not answered. */
export class Refusal extends Error {
  readonly code: string

  constructor(failure: Failure | undefined) {
    super(reasonOf(failure))
    this.code = failure?.extensions?.code ?? ''
  }
}

/** Nobody has answered, or a proxy instead of the program: whether a change was written is not known. */
export class NoAnswer extends Error {
  constructor() {
    super(reasonOf(undefined))
  }
}

const JSON_TYPE = 'application/json'
const FORBIDDEN = 'FORBIDDEN'
const UNKNOWN = 'PERSISTED_QUERY_NOT_FOUND'
const DEFINITION = /(?:^|\n) {4}(?=query |mutation |subscription |fragment )/

export function idOf(document: TypedDocumentString<unknown, never>): string {
  return document.__meta__?.id as string
}

/** The text that has the id, as graphql-js prints it. */
export function textOf(document: TypedDocumentString<unknown, never>): string {
  return document.toString().split(DEFINITION).map((definition) => definition.trim()).filter(Boolean).join('\n\n')
}

/** Return the data of an answer; Refusal when there is an error, NoAnswer when there is neither. */
export async function dataOf<T, V>(document: TypedDocumentString<T, V>, variables: V, headers: HeadersInit = {}): Promise<T> {
  const { data, errors } = await resultOf(await sendOf(document, variables, JSON_TYPE, headers))
  if (errors?.[0]?.extensions?.code === FORBIDDEN) doubtRights()
  if (errors !== undefined) throw new Refusal(errors[0])
  if (data === undefined || data === null) throw new NoAnswer()
  return data as T
}

/** Return a list as a file with all its rows; Refusal when there is an error. */
export async function fileOf<T, V>(document: TypedDocumentString<T, V>, variables: V, type: string): Promise<Blob> {
  const response = await sendOf(document, variables, type)
  if (!response.ok) throw new Refusal((await resultOf(response)).errors?.[0])
  return await response.blob()
}

/** Send the id of a document; a program of another release than the page may not know it, and gets the text. */
async function sendOf<T, V>(document: TypedDocumentString<T, V>, variables: V, type: string, headers: HeadersInit = {}): Promise<Response> {
  const response = await send({ documentId: idOf(document), variables }, type, headers)
  return await isUnknown(response) ? await send({ query: textOf(document), variables }, type, headers) : response
}

/** Read an answer; what a proxy says instead of the program is none. */
async function resultOf(response: Response): Promise<Result> {
  return await response.json().catch(() => ({})) as Result
}

async function isUnknown(response: Response): Promise<boolean> {
  if (response.headers.get('content-type')?.startsWith(JSON_TYPE) !== true) return false
  const { errors } = await resultOf(response.clone())
  return errors?.[0]?.extensions?.code === UNKNOWN
}
