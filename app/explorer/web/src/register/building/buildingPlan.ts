/** The plan of a building: floors from the top down, units side by side. */
import { marksOfHouse } from '../plan/marks'
import { cellOf, cut, type Group, numbered, type Plan, type Property, type Row } from '../plan/plan'
import type { PlanSpace } from '../plan/touchesPlan'
import { type Columns, columnsOf, housesOf } from './columns'
import { type Level, levelsOf } from './floors'
import { texts } from './texts'

/** Houses without a floor are in rows of this many, unless the floors are wider. */
const ROW = 12

interface Unit {
  space: PlanSpace
  columns: Columns
  /** Rows of houses that are on no floor. */
  loose: PlanSpace[][]
}

/** Return the plan of a building or a unit. */
export function buildingPlanOf(building: PlanSpace): Plan {
  const children = building.children ?? []
  const hasOwnHouses = children.some(({ type }) => type !== 'UNIT') // on floors of its own, or on none
  const spaces = [...(hasOwnHouses ? [building] : []), ...children.filter(({ type }) => type === 'UNIT')]
  const levels = levelsOf(spaces)
  const units = spaces.map((space) => unitOf(space, levels))
  const looseRows = Math.max(0, ...units.map(({ loose }) => loose.length))
  return {
    groups: units.map(({ space, columns }): Group => ({ key: space.id, title: space === building ? '' : space.name, columns: columns.titles })),
    rows: [
      ...levels.map((level, index) => rowOf(level, index, units)),
      ...Array.from({ length: looseRows }, (_, index) => looseRowOf(index, units)),
    ],
  }
}

function unitOf(space: PlanSpace, levels: readonly Level[]): Unit {
  const floors = levels.flatMap((level) => level.floors.get(space.id) ?? [])
  const widest = Math.max(0, ...floors.map((floor) => housesOf(floor).length))
  const houses = housesOf(space)
  const width = Math.max(widest, Math.min(houses.length, ROW), 1)
  const columns = columnsOf(floors, width)
  return { space, columns, loose: cut(houses, columns.titles.length) }
}

function rowOf({ title, floors }: Level, index: number, units: readonly Unit[]): Row {
  const cells = units.flatMap(({ space, columns: { titles, indexOf } }) => {
    const own: (Property | undefined)[] = titles.map(() => undefined)
    const floor = floors.get(space.id)
    if (floor !== undefined) housesOf(floor).forEach((house, place) => { own[indexOf(house, floor, place)] = cellOf(house, marksOfHouse) })
    return own
  })
  return { key: `level ${index.toString()}`, title, cells }
}

function looseRowOf(index: number, units: readonly Unit[]): Row {
  const cells = units.flatMap(({ columns: { titles }, loose }) => titles.map((_, place) => cellOf(loose[index]?.[place], marksOfHouse)))
  return { key: `loose ${index.toString()}`, title: numbered(texts.noFloor, index), cells }
}
