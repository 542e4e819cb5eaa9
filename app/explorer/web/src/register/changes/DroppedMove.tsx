import type { Tree } from '../place'
import { useRecord } from '../record/records'
import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import { Dialog } from './Dialog'
import Move from './Move'
import { texts } from './nodeTexts'

interface Props {
  tree: Tree
  moved: string
  onto: string
  onClose: () => void
}

/** Asks whether a node that was dropped onto another one is to move there. */
export default function DroppedMove({ tree, moved, onto, onClose }: Props) {
  const { data: record, error, refetch } = useRecord(tree, moved)
  if (record !== null && record !== undefined) return <Move record={record} parent={onto} onClose={onClose} />
  if (record === undefined && error === null) return null
  return (
    <Dialog title={texts.move} onClose={onClose}>
      {error === null ? <p role="alert">{common.none}</p> : <Trouble error={error} onRetry={() => { void refetch() }} />}
      <footer><button type="button" data-first="" onClick={onClose}>{common.close}</button></footer>
    </Dialog>
  )
}
