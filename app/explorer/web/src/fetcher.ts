/** What GraphiQL asks of the program: the operations of the editor, and on its own the schema. */
import type { FetcherOpts, FetcherParams } from '@graphiql/toolkit'
import { activeTab, answers } from './answers'
import { ask, reasonOf, type Result } from './program'
import { createStore } from './store'

const SCHEMA_QUERY = 'IntrospectionQuery'

/** Why the program does not tell the schema; empty when it does. */
export const schemaNotice = createStore('')

export async function fetcher(operation: FetcherParams, options?: FetcherOpts): Promise<Result> {
  return operation.operationName === SCHEMA_QUERY ? askSchema(operation) : run(operation, options?.headers)
}

async function askSchema(operation: FetcherParams): Promise<Result> {
  const result = await ask(operation)
  schemaNotice.set(result.errors === undefined ? '' : reasonOf(result.errors[0]))
  return result
}

/** Run an operation of the editor, and keep the answer for its tab. */
async function run(operation: FetcherParams, headers?: HeadersInit): Promise<Result> {
  const tab = activeTab.get()
  const started = performance.now()
  const result = await ask(operation, headers)
  const milliseconds = performance.now() - started
  answers.set(new Map(answers.get()).set(tab, { operation, result, milliseconds }))
  return result
}
