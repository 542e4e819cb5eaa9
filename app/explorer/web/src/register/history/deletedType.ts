import type { Tree } from '../place'
import { wordsOf } from './fields'
import type { RecordedChange } from './entries'
import { valueBefore } from './valueBefore'

/** What a deleted record was. */
export function typeTitleOfDeleted(tree: Tree, deletion: RecordedChange): string {
  return wordsOf(tree, 'type', valueBefore(deletion, 'type'))
}
