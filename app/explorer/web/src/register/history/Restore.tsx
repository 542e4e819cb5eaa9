import { useState } from 'react'
import { useRights } from '../changes/rights'
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
  const [isOpen, setOpen] = useState(false)
  const undone = undoneBy(entry, version !== null)
  if (!may(kindOf(kind).capability) || undone === undefined) return null
  const isDeletion = undone.operation === 'DELETE'
  if (isDeletion ? undone.id !== changes[0]?.id : undoing(changes, undone, kindOf(kind).restored).length === 0) return null
  const close = () => { setOpen(false) }
  return (
    <>
      <button type="button" aria-haspopup="dialog" aria-describedby={description} onClick={() => { setOpen(true) }}>
        {isDeletion ? texts.restoreButton : texts.restore}
      </button>
      {isOpen && isDeletion && <RestoreDeleted kind={kind} undone={undone} onClose={close} />}
      {isOpen && !isDeletion && <RestoreChanged kind={kind} id={id} undone={undone} onClose={close} />}
    </>
  )
}
