/** All nodes below one. */
import { fileOf } from '../../documents'
import { SpaceSubtreeDocument, type SpaceType, type Status } from '../../generated/graphql'
import { csvRows } from '../csvRows'
import type { Tree } from '../place'
import { askCounts, type Counts, countsOfSubtree } from './counts'
import { askPage, PAGE, type TreeNode } from './nodes'

export interface Subtree {
  /** The node itself, and all below it; each stands after the one above it. */
  nodes: readonly TreeNode[]
  counts: ReadonlyMap<string, Counts>
}

export async function askSubtree(tree: Tree, id: string): Promise<Subtree> {
  return tree === 'space' ? await askSpaces(id) : await askOrgs(id)
}

/** Spaces are read as a file, in one request however many they are; the file has no counts. */
async function askSpaces(id: string): Promise<Subtree> {
  const file = await fileOf(SpaceSubtreeDocument, { id }, 'text/csv')
  const rows = csvRows(await file.text())
  const children = Map.groupBy(rows, ({ parentId = '' }) => parentId)
  const nodes = rows.map((row) => ({
    __typename: 'Space' as const, id: row.id ?? '', parentId: row.parentId ?? '', name: row.name ?? '',
    type: row.type as SpaceType, status: row.status as Status, childCount: children.get(row.id ?? '')?.length ?? 0,
  }))
  return { nodes, counts: countsOfSubtree(nodes) }
}

/** Organisations are some hundreds at most. */
async function askOrgs(id: string): Promise<Subtree> {
  const first = await askPage('org', { under: id }, 0)
  const others = Array.from({ length: Math.ceil(first.totalCount / PAGE) - 1 }, (_, index) => askPage('org', { under: id }, index + 1))
  const pages = [first, ...await Promise.all(others)]
  const counts = await Promise.all(pages.map(({ nodes }) => askCounts('org', nodes)))
  return { nodes: pages.flatMap(({ nodes }) => nodes), counts: new Map(counts.flatMap((each) => [...each])) }
}
