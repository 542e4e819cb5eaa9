/** Changes of the nodes of both trees, as the feed of changes has them. */
import type { Tree } from '../place'
import type { RegisterRecord } from '../record/records'
import type { Change } from '../touches'

export function treeOf({ __typename }: Pick<RegisterRecord, '__typename'>): Tree {
  return __typename === 'Space' ? 'space' : 'org'
}

export function updateOf(record: RegisterRecord, changedFields: string[]): Change {
  return { entity: treeOf(record), entityId: record.id, operation: 'UPDATE', changedFields }
}

/** A node that is moved, or that is new (`before` is null) or deleted (`after` is null): the children of both change. */
export function moveOf(tree: Tree, id: string, before: string | null, after: string | null, operation = 'UPDATE'): Change {
  const differences = [{ field: 'parentId', before, after }]
  return { entity: tree, entityId: id, operation, changedFields: operation === 'UPDATE' ? ['parentId'] : [], differences }
}
