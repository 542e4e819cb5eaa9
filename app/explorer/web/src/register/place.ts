/** Where in the register the page is: a tree, a record of it, and a view of the record. The address has all three. */
import { REGISTER } from '../addresses'
import { route, type Route } from '../route'
import { useStore } from '../store'

export type Tree = 'space' | 'org'

export interface Place {
  tree: Tree
  /** The id of the record; empty where none is chosen. */
  record: string
  /** The name of a tab; empty for the first one. */
  view: string
}

export function usePlace(): Place {
  return placeOf(useStore(route))
}

function placeOf({ query }: Route): Place {
  return {
    tree: query.get('tree') === 'org' ? 'org' : 'space',
    record: query.get('record') ?? '',
    view: query.get('view') ?? '',
  }
}

/** Return the path of a place below the root of the program. */
export function pathOf({ tree, record = '', view = '' }: Partial<Place> & { tree: Tree }): string {
  const parts = { tree, ...(record !== '' && { record }), ...(view !== '' && { view }) }
  return `${REGISTER}?${new URLSearchParams(parts).toString()}`
}
