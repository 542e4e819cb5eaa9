import { use } from 'react'
import { useRights } from '../changes/rights'
import { OpenDialog } from '../OpenDialog'
import { type Entry, undoneBy } from './entries'
import { type Kind, kindOf } from './kinds'
import { RestoreChanged } from './RestoreChanged'
import { RestoreDeleted } from './RestoreDeleted'
import { texts } from './texts'
import { undoing } from './undoing'
import type { HistoryOfRecord } from './useHistory'

interface Props {
  kind: Kind
  id: string
  org: string | null
  entry: Entry
  history: HistoryOfRecord
  /** The id of the element that says what would be undone. */
  description: string
}

/** A button that puts a record back to its state before an entry, where the caller may and where anything changes. */
export function Restore({ kind, id, org, entry, history: { changes, version }, description }: Props) {
  const may = useRights(org)
  const open = use(OpenDialog)
  const undone = undoneBy(entry, version !== null)
  if (!may(kindOf(kind).capability) || undone === undefined) return null
  const isDeletion = undone.operation === 'DELETE'
  if (isDeletion ? undone.id !== changes[0]?.id : undoing(changes, undone, kindOf(kind).restored).length === 0) return null
  const close = () => { open(null) }
  const dialog = isDeletion
    ? <RestoreDeleted kind={kind} undone={undone} onClose={close} />
    : <RestoreChanged kind={kind} id={id} undone={undone} onClose={close} />
  return (
    <button type="button" aria-haspopup="dialog" aria-describedby={description} onClick={() => { open(dialog) }}>
      {isDeletion ? texts.restoreButton : texts.restore}
    </button>
  )
}
