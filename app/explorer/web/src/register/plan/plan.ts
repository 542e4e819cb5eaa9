/** A building or a car park as a grid of properties (houses or parking places). */
import type { Mark } from './marks'
import type { PlanSpace } from './touchesPlan'

export interface Property {
  id: string
  name: string
  /** The states of the property; the first one says who has it. */
  marks: readonly Mark[]
}

export interface Row {
  key: string
  title: string
  /** A cell for each column of all groups; undefined where there is no property. */
  cells: readonly (Property | undefined)[]
}

/** Columns that belong together, such as those of a unit. */
export interface Group {
  key: string
  /** Empty where the columns belong to the whole building. */
  title: string
  columns: readonly string[]
}

export interface Plan {
  groups: readonly Group[]
  rows: readonly Row[]
}

export function propertiesOf({ rows }: Plan): Property[] {
  return rows.flatMap(({ cells }) => cells.filter((cell) => cell !== undefined))
}

/** Return the cell of a house or a parking place, or undefined where there is none. */
export function cellOf(space: PlanSpace | undefined, marksOf: (space: PlanSpace) => Mark[]): Property | undefined {
  return space === undefined ? undefined : { id: space.id, name: space.name, marks: marksOf(space) }
}

/** Cut a list into rows of a width. */
export function cut<T>(list: readonly T[], width: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / width) }, (_, row) => list.slice(row * width, (row + 1) * width))
}

/** Return the title of the row at an index among those that have one title. */
export function numbered(title: string, index: number): string {
  return index === 0 ? title : `${title} (${(index + 1).toString()})`
}
