/** What GraphiQL asks of the program: the operations of the editor, and on its own the schema. */
import type { FetcherOpts, FetcherParams, SyncExecutionResult } from '@graphiql/toolkit'
import { type DocumentNode, getOperationAST, OperationTypeNode, parse } from 'graphql'
import { activeTab, answers } from './answers'
import { newFollower } from './following'
import { ask, reasonOf, type Result } from './program'
import { createStore } from './store'

const SCHEMA_QUERY = 'IntrospectionQuery'

const follower = newFollower()

/** Why the program does not tell the schema; empty when it does. */
export const schemaNotice = createStore('')

export async function fetcher(operation: FetcherParams, options?: FetcherOpts): Promise<SyncExecutionResult> {
  return await answersOf(operation, options) as SyncExecutionResult // whose errors are classes, not what is sent
}

async function answersOf(operation: FetcherParams, options?: FetcherOpts): Promise<Result | AsyncIterable<Result>> {
  if (operation.operationName === SCHEMA_QUERY) return askSchema(operation)
  return isSubscription(operation, options) ? follower.follow(operation, keeper(operation)) : run(operation, options?.headers)
}

function isSubscription({ query, operationName }: FetcherParams, options?: FetcherOpts): boolean {
  const document = options?.documentAST ?? parsed(query)
  return document !== undefined && getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION
}

/** GraphiQL parses what is typed a moment later, so an operation may run before. The program says what is wrong in it. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query)
  } catch {
    return undefined
  }
}

async function askSchema(operation: FetcherParams): Promise<Result> {
  const result = await ask(operation)
  schemaNotice.set(result.errors === undefined ? '' : reasonOf(result.errors[0]))
  return result
}

/** Run an operation of the editor, and keep the answer for its tab. */
async function run(operation: FetcherParams, headers?: HeadersInit): Promise<Result> {
  const keep = keeper(operation)
  const result = await ask(operation, headers)
  keep(result)
  return result
}

/** Return what keeps an answer for the tab that is shown now. */
function keeper(operation: FetcherParams): (result: Result) => void {
  const tab = activeTab.get()
  const started = performance.now()
  return (result) => {
    const milliseconds = performance.now() - started
    answers.set(new Map(answers.get()).set(tab, { operation, result, milliseconds }))
  }
}
