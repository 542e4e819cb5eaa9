/** Pages of totals: a bar for each of a few records at a time. */

export interface PageOfTotals {
  first: number
  offset: number
}

export const FIRST_PAGE: PageOfTotals = { first: 25, offset: 0 }
