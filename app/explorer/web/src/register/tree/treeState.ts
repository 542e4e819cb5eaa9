/** What is known of a tree, and which of its nodes are open. It is never changed: each change makes another state. */
import type { Counts } from './counts'
import { type NodePage, PAGE, type TreeNode } from './nodes'
import type { Subtree } from './subtrees'

/** The children of one node. */
export interface Siblings {
  count: number
  /** Pages that are not loaded have holes. */
  nodes: readonly (TreeNode | undefined)[]
}

export interface TreeState {
  /** By the id of the parent. */
  siblings: ReadonlyMap<string, Siblings>
  open: ReadonlySet<string>
  /** By the id of the node; a node is shown before it is counted. */
  counts: ReadonlyMap<string, Counts>
  /** The requests that have failed, by their names. */
  failures: ReadonlyMap<string, Failure>
}

/** What one request loads: a page of the children of a node, or everything below it. */
export interface Part {
  parent: string
  page: number | 'all'
}

export interface Failure {
  part: Part
  error: Error
}

export const EMPTY: TreeState = { siblings: new Map(), open: new Set(), counts: new Map(), failures: new Map() }

export function nameOf({ parent, page }: Part): string {
  return `${parent} ${page.toString()}`
}

export function withFailure(state: TreeState, part: Part, error: Error): TreeState {
  return { ...state, failures: new Map(state.failures).set(nameOf(part), { part, error }) }
}

/** The failures whose parts are not loaded since. */
function failuresWithout({ failures }: TreeState, isLoaded: (part: Part) => boolean): TreeState['failures'] {
  return new Map([...failures].filter(([, { part }]) => !isLoaded(part)))
}

/** Put a page of children into a state. */
export function withPage(state: TreeState, parent: string, page: number, { totalCount, nodes }: NodePage): TreeState {
  const known = [...state.siblings.get(parent)?.nodes.slice(0, totalCount) ?? []]
  known.length = totalCount
  for (let index = 0; index < Math.min(PAGE, totalCount - page * PAGE); index++) known[page * PAGE + index] = nodes[index]
  const failures = failuresWithout(state, (part) => part.parent === parent && part.page === page)
  return { ...state, siblings: new Map(state.siblings).set(parent, { count: totalCount, nodes: known }), failures }
}

/** Put a node and all below it into a state, open. */
export function withSubtree(state: TreeState, id: string, { nodes, counts }: Subtree): TreeState {
  const below = Map.groupBy(nodes.filter((node) => node.id !== id), ({ parentId }) => parentId ?? '')
  const siblings = new Map(state.siblings)
  for (const [parent, children] of below) siblings.set(parent, { count: children.length, nodes: children })
  const failures = failuresWithout(state, ({ parent }) => parent === id || below.has(parent))
  return withOpen(withCounts({ ...state, siblings, failures }, counts), below.keys(), true)
}

export function withCounts(state: TreeState, counts: ReadonlyMap<string, Counts>): TreeState {
  return { ...state, counts: new Map([...state.counts, ...counts]) }
}

export function withOpen(state: TreeState, ids: Iterable<string>, isOpen: boolean): TreeState {
  const open = new Set(state.open)
  for (const id of ids) {
    if (isOpen) open.add(id)
    else open.delete(id)
  }
  return { ...state, open }
}

/** The loaded pages of the children of a node, by number. */
export function pagesOf(state: TreeState, parent: string): number[] {
  const nodes = state.siblings.get(parent)?.nodes ?? []
  const pages = Array.from({ length: Math.ceil(nodes.length / PAGE) }, (_, page) => page)
  return pages.filter((page) => page === 0 || nodes[page * PAGE] !== undefined)
}

/** Return the page on which a child is, or -1 where it is not loaded. */
export function pageOf(state: TreeState, parent: string, id: string): number {
  const index = state.siblings.get(parent)?.nodes.findIndex((node) => node?.id === id) ?? -1
  return Math.floor(index / PAGE)
}
