/** How many spaces belong to a node of a tree. */
import { dataOf } from '../../documents'
import { OrgCountsDocument, SpaceCountsDocument, type SpaceType } from '../../generated/graphql'
import type { Tree } from '../place'
import type { TreeNode } from './nodes'

/** The number of spaces of each type: those of an organisation, or those below a space. */
export type Counts = ReadonlyMap<SpaceType, number>

interface Counted {
  id: string
  summary: { spaces: { type: SpaceType; count: number }[] }
}

/** Count the spaces of nodes, by the ids of the nodes. A space without children has none. */
export async function askCounts(tree: Tree, nodes: readonly TreeNode[]): Promise<Map<string, Counts>> {
  const asked = nodes.filter(({ childCount }) => tree === 'org' || childCount > 0)
  if (asked.length === 0) return new Map()
  const variables = { ids: asked.map(({ id }) => id), first: asked.length }
  const counted: Counted[] = tree === 'space'
    ? (await dataOf(SpaceCountsDocument, variables)).spaces?.nodes ?? []
    : (await dataOf(OrgCountsDocument, variables)).orgs?.nodes ?? []
  const types = new Map(asked.map((node) => [node.id, node.__typename === 'Space' ? node.type : null]))
  return new Map(counted.map(({ id, summary }) => [id, countsIn(summary, types.get(id) ?? null)]))
}

/** A summary has a row for each type and status, and counts the space itself. */
function countsIn({ spaces }: Counted['summary'], own: SpaceType | null): Counts {
  const counts = new Map<SpaceType, number>()
  for (const { type, count } of spaces) counts.set(type, (counts.get(type) ?? 0) + count)
  if (own !== null) counts.set(own, (counts.get(own) ?? 1) - 1)
  return counts
}

/** Count the spaces of a whole subtree, in which each node stands after the one above it. */
export function countsOfSubtree(nodes: readonly TreeNode[]): Map<string, Counts> {
  const counts = new Map(nodes.map(({ id }) => [id, new Map<SpaceType, number>()]))
  for (const { id, parentId, ...node } of nodes.toReversed()) {
    const above = counts.get(parentId ?? '')
    if (above === undefined || node.__typename === 'Org') continue
    above.set(node.type, (above.get(node.type) ?? 0) + 1)
    for (const [type, count] of counts.get(id) ?? []) above.set(type, (above.get(type) ?? 0) + count)
  }
  return counts
}

export function sumOf(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}
