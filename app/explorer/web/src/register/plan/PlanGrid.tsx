import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'
import { moved, spotOf } from './keys'
import type { Mark } from './marks'
import type { Plan } from './plan'
import { PlanCell } from './PlanCell'
import { PlanHead } from './PlanHead'
import { texts } from './texts'

interface Props {
  plan: Plan
  label: string
  /** What is highlighted; empty for nothing. */
  highlighted: ReadonlySet<Mark>
  open: string
  /** Open a property, or close it with an empty id. */
  onOpen: (id: string) => void
}

/** Properties in rows and columns, with one stop for the Tab key. */
export function PlanGrid({ plan: { groups, rows }, label, highlighted, open, onOpen }: Props) {
  const table = useRef<HTMLTableElement>(null)
  const [chosen, setChosen] = useState('')
  const spot = spotOf(rows, chosen)
  const active = rows[spot.row]?.cells[spot.column]?.id ?? ''

  function focus(id: string) {
    setChosen(id)
    table.current?.querySelector<HTMLElement>(`[data-id="${id}"]`)?.focus()
  }

  function onKey(event: KeyboardEvent) {
    if (event.altKey || event.metaKey) return
    const next = moved(event.key, event.ctrlKey, rows, spot)
    if (next !== undefined) focus(rows[next.row]?.cells[next.column]?.id ?? active)
    else if (event.key === 'Enter' || event.key === ' ') onOpen(active)
    else if (event.key === 'Escape') onOpen('')
    else return
    event.preventDefault()
  }

  function onClick({ target }: MouseEvent) {
    const id = (target as Element).closest('td')?.dataset.id
    if (id === undefined) return
    focus(id)
    onOpen(id)
  }

  return (
    <div className="plan-scroller">
      <table ref={table} className="plan" role="grid" aria-label={label} aria-description={texts.keys} onKeyDown={onKey} onClick={onClick}>
        <PlanHead groups={groups} />
        <tbody>
          {rows.map(({ key, title, cells }) => (
            <tr key={key}>
              <th scope="row" title={title}>{title}</th>
              {cells.map((property, column) => property === undefined ? <td key={column} role="gridcell" className="hole" /> : (
                <PlanCell
                  key={property.id} property={property} isActive={property.id === active} isOpen={property.id === open}
                  isFaded={highlighted.size > 0 && !property.marks.some((mark) => highlighted.has(mark))}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
