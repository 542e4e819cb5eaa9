/** What totals count, and the series that each is split into. */
import type { FiguresFragment } from '../../generated/graphql'
import { titleOf } from '../titles'
import { texts } from './texts'

export interface Series {
  key: string
  title: string
}

export interface Measure {
  name: string
  title: string
  /** The series that any of the figures has. */
  seriesOf: (all: readonly FiguresFragment[]) => Series[]
  valueOf: (figures: FiguresFragment, key: string) => number
}

type SpaceTotal = FiguresFragment['spaces'][number]

const NOT_RECORDED = 'NOT_RECORDED'

const SPACES = byType('spaces', texts.spaces, ({ count }) => count)
const AREA = byType('area', texts.area, ({ area }) => Number(area))
const FEE_AREA = byType('feeArea', texts.feeArea, ({ feeArea }) => Number(feeArea))

const HOUSES: Measure = {
  name: 'houses',
  title: texts.houses,
  seriesOf: ([figures]) => figures?.houses.map(({ occupancy }) => ({ key: occupancy, title: texts.occupancies[occupancy] })) ?? [],
  valueOf: ({ houses }, key) => houses.find(({ occupancy }) => occupancy === key)?.count ?? 0,
}

export const PARKING: Measure = {
  name: 'parking',
  title: texts.parking,
  seriesOf: ([figures]) => figures?.parking.map(({ status }) => ({
    key: status ?? NOT_RECORDED,
    title: status === null ? texts.notRecorded : titleOf('ParkingStatus', status),
  })) ?? [],
  valueOf: ({ parking }, key) => parking.find(({ status }) => (status ?? NOT_RECORDED) === key)?.count ?? 0,
}

export const MEASURES: readonly Measure[] = [HOUSES, SPACES, PARKING, AREA, FEE_AREA]

/** A measure that adds something up for each type of space. */
function byType(name: string, title: string, numberOf: (total: SpaceTotal) => number): Measure {
  const valueOf = ({ spaces }: FiguresFragment, key: string) =>
    spaces.filter(({ type }) => type === key).reduce((sum, total) => sum + numberOf(total), 0)
  return {
    name,
    title,
    seriesOf: (all) => typesIn(all)
      .filter((type) => all.some((figures) => valueOf(figures, type) > 0))
      .map((type) => ({ key: type, title: titleOf('SpaceType', type) })),
    valueOf,
  }
}

/** The types of spaces, in the order of the program. */
function typesIn(all: readonly FiguresFragment[]): SpaceTotal['type'][] {
  return [...new Set(all.flatMap(({ spaces }) => spaces.map(({ type }) => type)))]
}
