/** What is known of a tree, and which of its nodes are open. It is never changed: each change makes another state. */
import { type NodePage, PAGE, type TreeNode } from './nodes'

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
  /** Why the last request failed. */
  error: Error | null
}

export const EMPTY: TreeState = { siblings: new Map(), open: new Set(), error: null }

/** Put a page of children into a state. */
export function withPage(state: TreeState, parent: string, page: number, { totalCount, nodes }: NodePage): TreeState {
  const known = [...state.siblings.get(parent)?.nodes.slice(0, totalCount) ?? []]
  known.length = totalCount
  for (let index = 0; index < Math.min(PAGE, totalCount - page * PAGE); index++) known[page * PAGE + index] = nodes[index]
  return { ...state, siblings: new Map(state.siblings).set(parent, { count: totalCount, nodes: known }), error: null }
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
