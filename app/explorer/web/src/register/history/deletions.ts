/** Deletions below a record: what one transaction deleted is one deletion, named by the topmost records. */
import type { DeletedBelowQuery } from '../../generated/graphql'
import type { Tree } from '../place'
import { valueBefore } from './valueBefore'

export type DeletedNode = NonNullable<DeletedBelowQuery['changeFeed']>['nodes'][number]

export interface Deletion {
  /** The record that lay above the others. */
  top: DeletedNode
  /** How many lay below it. */
  below: number
}

/** Return the topmost records of each deletion, in the order of the changes. */
export function deletionsIn(changes: DeletedNode[]): Deletion[] {
  return changes
    .filter((change) => !changes.some((other) => isBelow(change, other)))
    .map((top) => ({ top, below: changes.filter((change) => isBelow(change, top)).length }))
}

function isBelow(change: DeletedNode, other: DeletedNode): boolean {
  if (change.entity !== other.entity || change.transactionId !== other.transactionId || change === other) return false
  return pathOf(change).startsWith(pathOf(other))
}

function pathOf(change: DeletedNode): string {
  return valueBefore(change, 'path') ?? change.entityId
}

export function treeOf({ entity }: DeletedNode): Tree {
  return entity === 'org' ? 'org' : 'space'
}
