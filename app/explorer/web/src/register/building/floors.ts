/** The floors of a building, as levels that all its units share. */
import type { PlanSpace } from '../plan/touchesPlan'
import { LAST_NUMBER } from './columns'

/** Floors of all units at the same height. */
export interface Level {
  title: string
  /** By the id of the unit, or of the building. */
  floors: ReadonlyMap<string, PlanSpace>
}

const BELOW_GROUND = /(?:地下|负)\D*\d+\D*$|^\s*[-B]\s*\d/i

/** Return the number in the name of a floor, which is negative below the ground; undefined where there is none. */
function heightOf({ name }: PlanSpace): number | undefined {
  const digits = LAST_NUMBER.exec(name)?.[1]
  if (digits === undefined) return undefined
  return BELOW_GROUND.test(name) ? -Number(digits) : Number(digits)
}

/** Return the levels from the top down: by the numbers of floors where all have one, otherwise by the order of the register. */
export function levelsOf(units: readonly PlanSpace[]): Level[] {
  const isNumbered = units.every((unit) => floorsOf(unit).every((floor) => heightOf(floor) !== undefined))
  const levels = new Map<string, { height: number; turn: number; floors: Map<string, PlanSpace> }>()

  for (const unit of units) {
    const turns = new Map<number, number>()
    floorsOf(unit).forEach((floor, index) => {
      const height = isNumbered ? heightOf(floor) ?? index : index
      const turn = turns.get(height) ?? 0 // a unit may have two floors of one number, such as 1 and 1 (shops)
      turns.set(height, turn + 1)
      const key = `${height.toString()} ${turn.toString()}`
      const level = levels.get(key) ?? { height, turn, floors: new Map<string, PlanSpace>() }
      levels.set(key, level)
      level.floors.set(unit.id, floor)
    })
  }

  return [...levels.values()]
    .sort((a, b) => b.height - a.height || b.turn - a.turn)
    .map(({ height, floors }) => ({ title: titleOf(floors, isNumbered ? height.toString() : ''), floors }))
}

function floorsOf({ children = [] }: PlanSpace): PlanSpace[] {
  return children.filter(({ type }) => type === 'FLOOR')
}

/** The name that the floors of a level share, otherwise their number, otherwise their names. */
function titleOf(floors: ReadonlyMap<string, PlanSpace>, number: string): string {
  const names = [...new Set([...floors.values()].map(({ name }) => name))]
  return names.length > 1 && number !== '' ? number : names.join(' / ')
}
