/** The answers of the editor's tabs: what was asked, what was answered, and how long it took. */
import type { Operation, Result } from './program'
import { createStore } from './store'

export interface Answer {
  operation: Operation
  result: Result
  milliseconds: number
}

/** The last answer of each tab, by the id of the tab. */
export const answers = createStore<ReadonlyMap<string, Answer>>(new Map())

/** The id of the tab that is shown. */
export const activeTab = createStore('')
