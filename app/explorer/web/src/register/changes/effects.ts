/** What a change does, in words, before it is made. */

/** A value that changes. */
export interface Effect {
  title: string
  /** Empty where there is none. */
  before: string
  after: string
}

/** A version of a record, and what a change does to it. */
export interface Basis {
  version: number
  effects: Effect[]
}
