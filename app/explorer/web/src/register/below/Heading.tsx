import type { ReactNode } from 'react'

interface Props {
  isSorted: 'asc' | 'desc' | false
  onToggle: () => void
  children: ReactNode
}

const ORDERS = { asc: 'ascending', desc: 'descending' } as const
const ARROWS = { asc: ' ▲', desc: ' ▼' }

/** The heading of a column; a click orders the table by it, another click the other way round, a third one not. */
export function Heading({ isSorted, onToggle, children }: Props) {
  return (
    <th scope="col" aria-sort={isSorted === false ? undefined : ORDERS[isSorted]}>
      <button type="button" onClick={onToggle}>
        {children}
        {isSorted !== false && <span aria-hidden="true">{ARROWS[isSorted]}</span>}
      </button>
    </th>
  )
}
