/** Which children have to be loaded again after changes. */
import type { Change } from '../touches'
import { ROOTS } from './nodes'
import type { TreeState } from './treeState'

/** Return the loaded parents that changed records have or had, and those above, whose counts may differ. */
export function parentsTouchedBy(changes: Change[], state: TreeState): Set<string> {
  if (changes.length === 0) return new Set()
  const parents = parentsIn(state)
  const touched = new Set<string>()
  for (const change of changes) {
    for (const parent of parentsBy(change, parents)) {
      for (let id: string | undefined = parent; id !== undefined && !touched.has(id); id = parents.get(id)) touched.add(id)
    }
  }
  return new Set([...touched].filter((id) => state.siblings.has(id)))
}

function parentsBy({ entityId, operation, differences = [] }: Change, parents: Map<string, string>): string[] {
  const moved = differences.filter(({ field }) => field === 'parentId').flatMap(({ before, after }) => [before ?? ROOTS, after ?? ROOTS])
  const paths = differences.filter(({ field }) => field === 'path').flatMap(({ before, after }) => [before, after])
  const above = paths.flatMap((path) => path?.split('/') ?? [])
  const known = [entityId, ...above].flatMap((id) => parents.get(id) ?? [])
  const roots = operation !== 'UPDATE' && moved.length === 0 ? [ROOTS] : []
  return [...moved, ...roots, ...known]
}

/** The parents of the loaded nodes, by id. */
function parentsIn({ siblings }: TreeState): Map<string, string> {
  return new Map([...siblings].flatMap(([parent, { nodes }]) =>
    nodes.flatMap((node) => node === undefined ? [] : [[node.id, parent] as const])))
}
