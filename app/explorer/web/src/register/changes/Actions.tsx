import { Suspense, useState } from 'react'
import type { RegisterRecord } from '../record/records'
import './changes.css'
import { ACTIONS, type Action } from './actions'
import { rightsOrgOf, useRights } from './rights'
import { texts } from './nodeTexts'

interface Chosen {
  action: Action
  /** As it was when the dialog was opened. */
  record: RegisterRecord
}

/** The changes of a record that the caller may make. The dialog of one stays when the record or the right to change it goes. */
export function Actions({ record }: { record: RegisterRecord | null }) {
  const [open, setOpen] = useState<Chosen>()
  return (
    <>
      {record !== null && <Buttons record={record} onOpen={setOpen} />}
      {open !== undefined && (
        <Suspense fallback={null}>
          <open.action.Dialog record={open.record} onClose={() => { setOpen(undefined) }} />
        </Suspense>
      )}
    </>
  )
}

function Buttons({ record, onOpen }: { record: RegisterRecord; onOpen: (chosen: Chosen) => void }) {
  const may = useRights(rightsOrgOf(record))
  const actions = ACTIONS.filter(({ isFor, needs }) => may(needs(record)) && (isFor?.(record) ?? true))
  if (actions.length === 0) return null
  return (
    <div className="actions" role="group" aria-label={texts.actions}>
      {actions.map((action) => (
        <button key={action.name} type="button" aria-haspopup="dialog" onClick={() => { onOpen({ action, record }) }}>{action.titleOf(record)}</button>
      ))}
    </div>
  )
}
