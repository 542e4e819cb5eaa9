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
