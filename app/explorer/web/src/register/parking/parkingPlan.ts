/** The plan of a car park: its areas from top to bottom, each with its places. */
import { marksOfPlace } from '../plan/marks'
import { cellOf, cut, numbered, type Plan, type Row } from '../plan/plan'
import type { PlanSpace } from '../plan/touchesPlan'

/** The most places in a row. */
const ROW = 12

interface Area {
  id: string
  title: string
  places: PlanSpace[]
}

/** Return the plan of a car park or a part of it. */
export function parkingPlanOf(carPark: PlanSpace): Plan {
  const areas = areasOf(carPark, '')
  const width = Math.min(Math.max(0, ...areas.map(({ places }) => places.length)), ROW)
  const columns = Array.from({ length: width }, (_, index) => (index + 1).toString())
  return { groups: [{ key: carPark.id, title: '', columns }], rows: areas.flatMap((area) => rowsOf(area, columns)) }
}

/** The spaces that have places, with their names below the car park. */
function areasOf(space: PlanSpace, path: string): Area[] {
  const places = (space.children ?? []).filter(({ type }) => type === 'PARK_SPACE')
  const parts = (space.children ?? []).filter(({ type }) => type !== 'PARK_SPACE')
  const own = places.length > 0 ? [{ id: space.id, title: path === '' ? space.name : path, places }] : []
  return [...own, ...parts.flatMap((part) => areasOf(part, path === '' ? part.name : `${path} / ${part.name}`))]
}

function rowsOf({ id, title, places }: Area, columns: readonly string[]): Row[] {
  return cut(places, columns.length).map((row, index) => ({
    key: `${id} ${index.toString()}`,
    title: numbered(title, index),
    cells: columns.map((_, column) => cellOf(row[column], marksOfPlace)),
  }))
}
