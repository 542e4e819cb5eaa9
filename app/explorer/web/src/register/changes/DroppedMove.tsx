import type { Tree } from '../place'
import { useRecord } from '../record/records'
import Move from './Move'

interface Props {
  tree: Tree
  moved: string
  onto: string
  onClose: () => void
}

/** Asks whether a node that was dropped onto another one is to move there. */
export default function DroppedMove({ tree, moved, onto, onClose }: Props) {
  const { data: record } = useRecord(tree, moved)
  return record === null || record === undefined ? null : <Move record={record} parent={onto} onClose={onClose} />
}
