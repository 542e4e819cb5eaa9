import { lazy, Suspense, useState } from 'react'
import { texts as common } from '../texts'
import { texts } from './texts'

const History = lazy(() => import('./History').then(({ History: component }) => ({ default: component })))

const TITLES = { customer: texts.ofCustomer, property_relation: texts.ofRelation }

interface Props {
  kind: keyof typeof TITLES
  id: string
}

/** The history of a record that has no page of its own, asked for when it is opened. */
export function HistoryDetails({ kind, id }: Props) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details onToggle={(event) => { setOpen(event.currentTarget.open) }}>
      <summary>{TITLES[kind]}</summary>
      {isOpen && <Suspense fallback={<p className="loading">{common.loading}</p>}><History kind={kind} id={id} /></Suspense>}
    </details>
  )
}
