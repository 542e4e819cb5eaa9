/** The columns of a unit: houses above each other, where their numbers say so. */
import type { PlanSpace } from '../plan/touchesPlan'

/** Gaps in the numbers may make columns that few floors use; more than twice the widest floor is too sparse. */
const SPARSE = 2

/** The last number in the name of a floor or a house. */
export const LAST_NUMBER = /(\d+)\D*$/

export interface Columns {
  titles: readonly string[]
  /** The column of a house of a floor. */
  indexOf: (house: PlanSpace, floor: PlanSpace, index: number) => number
}

/** Return the columns of floors: by the part of house numbers behind that of the floor, otherwise in the order of the register. */
export function columnsOf(floors: readonly PlanSpace[], width: number): Columns {
  const byNumber = stacked(floors, width)
  if (byNumber !== undefined) return byNumber
  const titles = Array.from({ length: width }, (_, index) => (index + 1).toString())
  return { titles, indexOf: (_house, _floor, index) => index }
}

function stacked(floors: readonly PlanSpace[], width: number): Columns | undefined {
  const suffixes = new Set<string>()
  for (const floor of floors) {
    const own = housesOf(floor).map((house) => suffixOf(house, floor))
    if (own.includes('') || new Set(own).size < own.length) return undefined
    own.forEach((suffix) => suffixes.add(suffix))
  }
  const titles = [...suffixes].sort((a, b) => Number(a) - Number(b) || a.localeCompare(b))
  if (titles.length === 0 || titles.length > width * SPARSE) return undefined
  return { titles, indexOf: (house, floor) => titles.indexOf(suffixOf(house, floor)) }
}

/** Return 02 for the house 2602 of floor 26, or an empty text. */
function suffixOf(house: PlanSpace, floor: PlanSpace): string {
  const [number = '', prefix = ''] = [house, floor].map(({ name }) => LAST_NUMBER.exec(name)?.[1] ?? '')
  return prefix !== '' && number.startsWith(prefix) ? number.slice(prefix.length) : ''
}

export function housesOf({ children = [] }: PlanSpace): PlanSpace[] {
  return children.filter(({ type }) => type === 'HOUSE')
}
