/** What keys do in a plan (the ARIA pattern of grids). Cells without a property are passed over. */
import type { Row } from './plan'

interface Spot {
  row: number
  column: number
}

type Rows = readonly Row[]
type Move = (rows: Rows, at: Spot) => Spot

const PAGE_ROWS = 10

const MOVES: Record<string, Move> = {
  ArrowRight: (rows, { row, column }) => ({ row, column: columnsOf(rows[row]).find((each) => each > column) ?? column }),
  ArrowLeft: (rows, { row, column }) => ({ row, column: columnsOf(rows[row]).findLast((each) => each < column) ?? column }),
  ArrowDown: (rows, at) => vertically(rows, at, 1),
  ArrowUp: (rows, at) => vertically(rows, at, -1),
  PageDown: (rows, at) => vertically(rows, at, PAGE_ROWS),
  PageUp: (rows, at) => vertically(rows, at, -PAGE_ROWS),
  Home: (rows, { row, column }) => ({ row, column: columnsOf(rows[row])[0] ?? column }),
  End: (rows, { row, column }) => ({ row, column: columnsOf(rows[row]).at(-1) ?? column }),
  'Control+Home': (rows) => firstOf(rows),
  'Control+End'(rows) {
    const row = rows.findLastIndex((each) => columnsOf(each).length > 0)
    return { row, column: columnsOf(rows[row]).at(-1) ?? 0 }
  },
}

/** Return where a key leads, or undefined where it does nothing. */
export function moved(key: string, isControl: boolean, rows: Rows, at: Spot): Spot | undefined {
  return MOVES[isControl ? `Control+${key}` : key]?.(rows, at)
}

/** Return the place of a property; that of the first one where it is not in the plan. */
export function spotOf(rows: Rows, id: string): Spot {
  const row = rows.findIndex(({ cells }) => cells.some((cell) => cell?.id === id))
  return row < 0 ? firstOf(rows) : { row, column: rows[row]?.cells.findIndex((cell) => cell?.id === id) ?? 0 }
}

function firstOf(rows: Rows): Spot {
  const row = rows.findIndex((each) => columnsOf(each).length > 0)
  return { row, column: columnsOf(rows[row])[0] ?? 0 }
}

function columnsOf(row: Row | undefined): number[] {
  return row?.cells.flatMap((cell, column) => (cell === undefined ? [] : [column])) ?? []
}

/** Go that many rows with properties down or up, to the nearest property. */
function vertically(rows: Rows, { row, column }: Spot, steps: number): Spot {
  const filled = rows.flatMap((each, index) => (columnsOf(each).length > 0 ? [index] : []))
  const wanted = Math.min(Math.max(filled.indexOf(row) + steps, 0), filled.length - 1)
  const target = filled[wanted] ?? row
  const nearest = columnsOf(rows[target]).sort((a, b) => Math.abs(a - column) - Math.abs(b - column))
  return { row: target, column: nearest[0] ?? column }
}
