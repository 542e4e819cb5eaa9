/** The answers of the editor's tabs: what was asked, what was answered, and how long it took. */
import type { FetcherParams, FetcherOpts } from '@graphiql/toolkit'
import { ask, type Operation, type Result } from './program'
import { createStore } from './store'

export interface Answer {
  operation: Operation
  result: Result
  milliseconds: number
}

/** The last answer by the id of its tab. */
export const answers = createStore<ReadonlyMap<string, Answer>>(new Map())

let activeTab = ''

export function setActiveTab(id: string): void {
  activeTab = id
}

/** Run an operation of the editor, and keep the answer for its tab. */
export async function fetcher(operation: FetcherParams, options?: FetcherOpts): Promise<Result> {
  const tab = activeTab
  const started = performance.now()
  const result = await ask(operation, options?.headers)
  const milliseconds = performance.now() - started
  answers.set(new Map(answers.get()).set(tab, { operation, result, milliseconds }))
  return result
}
