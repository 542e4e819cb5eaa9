/** The rows of a tree: its open nodes from top to bottom. */
import type { Counts } from './counts'
import { ROOTS, type TreeNode } from './nodes'
import type { Siblings, TreeState } from './treeState'

export interface Row {
  key: string
  parent: string
  level: number
  /** Its place among its siblings. */
  index: number
  count: number
  isOpen: boolean
  /** Undefined while it is not loaded. */
  node: TreeNode | undefined
  /** Undefined while it is not counted. */
  counts: Counts | undefined
}

/** While the tree is loaded again a node may be in two lists, or below itself; it is shown once. */
export function rowsOf(state: TreeState): Row[] {
  const rows: Row[] = []
  const shown = new Set<string>()

  function add(parent: string, { count, nodes }: Siblings, level: number): void {
    for (let index = 0; index < count; index++) {
      const node = nodes[index]
      if (node !== undefined && shown.has(node.id)) continue
      if (node !== undefined) shown.add(node.id)
      const open = node !== undefined && node.childCount > 0 && state.open.has(node.id) ? node.id : undefined
      const key = node?.id ?? `${parent}+${index.toString()}`
      rows.push({ key, parent, level, index, count, isOpen: open !== undefined, node, counts: node && state.counts.get(node.id) })
      const below = open === undefined ? undefined : state.siblings.get(open)
      if (open !== undefined && below !== undefined) add(open, below, level + 1)
    }
  }

  const roots = state.siblings.get(ROOTS)
  if (roots !== undefined) add(ROOTS, roots, 1)
  return rows
}
