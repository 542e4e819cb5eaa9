import { Suspense, useState } from 'react'
import type { RegisterRecord } from '../record/records'
import './changes.css'
import { ACTIONS, type Action } from './actions'
import { rightsOrgOf, useRights } from './rights'
import { texts } from './nodeTexts'

/** The changes of a record that the caller may make. */
export function Actions({ record }: { record: RegisterRecord }) {
  const may = useRights(rightsOrgOf(record))
  const [open, setOpen] = useState<{ action: Action; record: RegisterRecord }>()
  const actions = ACTIONS.filter(({ isFor, needs }) => may(needs(record)) && (isFor?.(record) ?? true))
  if (actions.length === 0) return null
  return (
    <div className="actions" role="group" aria-label={texts.actions}>
      {actions.map((action) => (
        <button key={action.name} type="button" aria-haspopup="dialog" onClick={() => { setOpen({ action, record }) }}>{action.titleOf(record)}</button>
      ))}
      {open !== undefined && (
        <Suspense fallback={null}>
          <open.action.Dialog record={open.record} onClose={() => { setOpen(undefined) }} />
        </Suspense>
      )}
    </div>
  )
}
