/** What keys do in a tree (the ARIA pattern of trees). */
import type { Row } from './rows'

export interface Moves {
  /** Make the row at an index the active one. */
  moveTo: (index: number) => void
  setOpen: (row: Row, isOpen: boolean) => void
  choose: (row: Row) => void
}

type Move = (rows: readonly Row[], at: number, moves: Moves) => void

const MOVES: Record<string, Move> = {
  ArrowDown: (rows, at, { moveTo }) => { moveTo(Math.min(at + 1, rows.length - 1)) },
  ArrowUp: (_, at, { moveTo }) => { moveTo(Math.max(at - 1, 0)) },
  Home: (_rows, _at, { moveTo }) => { moveTo(0) },
  End: (rows, _, { moveTo }) => { moveTo(rows.length - 1) },
  ArrowRight(rows, at, { moveTo, setOpen }) {
    const row = rows[at]
    if (row?.isOpen === true) moveTo(at + 1)
    else if ((row?.node?.childCount ?? 0) > 0 && row !== undefined) setOpen(row, true)
  },
  ArrowLeft(rows, at, { moveTo, setOpen }) {
    const row = rows[at]
    if (row?.isOpen === true) setOpen(row, false)
    else if (row !== undefined && row.level > 1) moveTo(rows.findIndex(({ key }) => key === row.parent))
  },
  '*'(rows, at, { setOpen }) {
    const siblings = rows.filter(({ parent }) => parent === rows[at]?.parent)
    for (const row of siblings) if ((row.node?.childCount ?? 0) > 0 && !row.isOpen) setOpen(row, true)
  },
  Enter: (rows, at, { choose }) => { if (rows[at] !== undefined) choose(rows[at]) },
  ' ': (rows, at, { choose }) => { if (rows[at] !== undefined) choose(rows[at]) },
}

/** Do what a key does and return true, or return false where it does nothing. */
export function press(key: string, rows: readonly Row[], at: number, moves: Moves): boolean {
  const move = MOVES[key]
  if (rows.length > 0) move?.(rows, at, moves)
  return move !== undefined
}

/** Return the index of the next row after `at` whose name begins with what was typed, or -1. */
export function typedTo(typed: string, rows: readonly Row[], at: number): number {
  const begin = typed.length === 1 ? at + 1 : at // another letter may keep the row
  for (let step = 0; step < rows.length; step++) {
    const index = (begin + step) % rows.length
    if (rows[index]?.node?.name.toLowerCase().startsWith(typed.toLowerCase()) === true) return index
  }
  return -1
}
