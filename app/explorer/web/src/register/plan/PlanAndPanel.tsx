import { useMemo, useRef, useState } from 'react'
import { PropertyPanel } from '../house/PropertyPanel'
import { Legend } from './Legend'
import type { Mark } from './marks'
import { type Plan, propertiesOf } from './plan'
import { PlanGrid } from './PlanGrid'

interface Props {
  plan: Plan
  marks: readonly Mark[]
  label: string
}

const NOTHING: ReadonlySet<Mark> = new Set<Mark>()

/** A plan with its legend, and the property that is opened beside it. */
export function PlanAndPanel({ plan, marks, label }: Props) {
  const view = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState('')
  const [highlighted, setHighlighted] = useState(NOTHING)
  const properties = useMemo(() => propertiesOf(plan), [plan])
  const isThere = properties.some(({ id }) => id === open)

  function close() {
    view.current?.querySelector<HTMLElement>(`[data-id="${open}"]`)?.focus()
    setOpen('')
  }

  return (
    <div ref={view} className="plan-view">
      <Legend marks={marks} properties={properties} highlighted={highlighted} onHighlight={setHighlighted} />
      <div className="plan-and-panel">
        <PlanGrid plan={plan} label={label} highlighted={highlighted} open={open} onOpen={setOpen} />
        {isThere && <PropertyPanel key={open} id={open} onClose={close} />}
      </div>
    </div>
  )
}
