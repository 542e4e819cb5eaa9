/** Links to an operation: in the fragment of the address, which browsers do not send. A token is never in it. */
import { urlOf, WORKBENCH } from './addresses'
import type { Operation } from './program'

export interface Shared {
  query: string
  variables: string
  operationName: string
}

export function linkTo(shared: Shared): string {
  return urlOf(pathTo(shared))
}

/** The path of an operation below the root of the program. */
export function pathTo({ query, variables, operationName }: Shared): string {
  const parts = { query, ...(variables === '' ? {} : { variables }), ...(operationName === '' ? {} : { operation: operationName }) }
  return `${WORKBENCH}#${new URLSearchParams(parts).toString()}`
}

/** Take the operation out of the address, if there is one. */
export function takeShared(): Shared | null {
  const parts = new URLSearchParams(location.hash.slice(1))
  const query = parts.get('query')
  if (query === null) return null
  history.replaceState(null, '', location.pathname)
  return { query, variables: parts.get('variables') ?? '', operationName: parts.get('operation') ?? '' }
}

export function sharedOf({ query, variables, operationName }: Operation): Shared {
  const given = variables === undefined || Object.keys(variables as object).length === 0
  return { query, variables: given ? '' : JSON.stringify(variables, null, 2), operationName: operationName ?? '' }
}
