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
  /** Whether more of the same deletion may be on pages that are not loaded. */
  isPart: boolean
}

/**
 * Return the topmost records of each deletion, in the order of the changes. `cut` is the transaction of the last loaded change
 * where there are more pages.
 */
export function deletionsIn(changes: DeletedNode[], cut: string | undefined): Deletion[] {
  return changes
    .filter((change) => !changes.some((other) => isBelow(change, other)))
    .map((top) => ({
      top,
      below: changes.filter((change) => isBelow(change, top)).length,
      isPart: top.transactionId === cut,
    }))
}

function isBelow(change: DeletedNode, other: DeletedNode): boolean {
  if (change.entity !== other.entity || change.transactionId !== other.transactionId || change === other) return false
  return storedPathOf(change).startsWith(storedPathOf(other))
}

function storedPathOf(change: DeletedNode): string {
  return valueBefore(change, 'path') ?? change.entityId
}

export function treeOfDeletion({ entity }: DeletedNode): Tree {
  return entity === 'org' ? 'org' : 'space'
}
