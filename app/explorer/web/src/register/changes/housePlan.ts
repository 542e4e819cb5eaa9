/** Which spaces are created when houses are added in bulk: a building if need be, its floors, and houses on each. */
import type { FloorsBelowQuery, UpsertSpaceInput } from '../../generated/graphql'
import { type NumberFormat, NUMBERINGS } from './houseNumbers'

/** What the form says. */
export interface HousesForm {
  /** The name of a new building; empty where floors lie below the record itself. */
  building: string
  firstFloor: number
  lastFloor: number
  housesPerFloor: number
  prefix: string
  format: NumberFormat
  /** The name of a floor; `{n}` stands for its number. */
  floorName: string
}

export type KnownFloor = NonNullable<FloorsBelowQuery['space']>['children'][number]

export interface PlannedFloor {
  number: number
  name: string
  isKnown: boolean
  houses: { name: string; isKnown: boolean; key: string }[]
}

export interface HousePlan {
  floors: PlannedFloor[]
  /** Records to create; each has its key in the plan as its external id. */
  rows: UpsertSpaceInput[]
}

/** The program takes so many records at once by default. */
export const MOST_ROWS = 1000
export const MOST_FLOORS = 200
export const MOST_HOUSES = 99

/** Stands for the number of a floor in the pattern of their names. */
const NUMBER = '{n}'

/** The source of records that are made here. */
const SOURCE = 'own'

/** Whether each floor has a name of its own: the pattern names one floor, or has its number. */
export function namesFloors({ firstFloor, lastFloor, floorName }: HousesForm): boolean {
  return floorName.trim() !== '' && (firstFloor === lastFloor || floorName.includes(NUMBER))
}

export const NO_PLAN: HousePlan = { floors: [], rows: [] }

/** Plan what is not there yet. `batch` begins the keys, which are unique in the tenant. */
export function planOf(form: HousesForm, parentId: string, known: readonly KnownFloor[], batch: string): HousePlan {
  const plan: HousePlan = { floors: [], rows: [] }
  const isNew = form.building !== ''
  if (isNew) plan.rows.push({ source: SOURCE, externalId: batch, parentId, name: form.building, type: 'BUILDING' })
  for (let floor = form.firstFloor; floor <= form.lastFloor; floor++) {
    addFloor(plan, form, floor, isNew ? { parentExternalId: batch } : { parentId }, known, batch)
  }
  return plan
}

type Parent = Pick<UpsertSpaceInput, 'parentId' | 'parentExternalId'>

function addFloor(plan: HousePlan, form: HousesForm, floor: number, above: Parent, known: readonly KnownFloor[], batch: string): void {
  const name = form.floorName.replaceAll(NUMBER, floor.toString())
  const key = `${batch}/${floor.toString()}`
  const there = known.find((each) => each.name === name)
  if (there === undefined) plan.rows.push({ source: SOURCE, externalId: key, ...above, name, type: 'FLOOR' })
  const parent = there === undefined ? { parentExternalId: key } : { parentId: there.id }
  const planned: PlannedFloor = { number: floor, name, isKnown: there !== undefined, houses: [] }
  for (let house = 1; house <= form.housesPerFloor; house++) {
    const number = form.prefix + NUMBERINGS[form.format](floor, house)
    const own = `${key}/${house.toString()}`
    const isKnown = there?.children.some((each) => each.name === number) === true
    planned.houses.push({ name: number, isKnown, key: own })
    if (!isKnown) plan.rows.push({ source: SOURCE, externalId: own, ...parent, name: number, type: 'HOUSE' })
  }
  plan.floors.push(planned)
}
