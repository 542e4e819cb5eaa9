/** The limits of what a form adds. */
import { type HousesForm, MOST_FLOORS, MOST_HOUSES, namesFloors } from './housePlan'
import { texts } from './houseTexts'

/** Return which limits a form breaks; a number that is not typed yet breaks none. */
export function brokenLimits(form: HousesForm): string[] {
  const { firstFloor, lastFloor, housesPerFloor } = form
  const limits = [
    { isBroken: !isWithin(firstFloor, MOST_FLOORS) || !isWithin(lastFloor, MOST_FLOORS), text: texts.floorLimit(MOST_FLOORS) },
    { isBroken: !isWithin(housesPerFloor, MOST_HOUSES), text: texts.housesLimit(MOST_HOUSES) },
    { isBroken: firstFloor > lastFloor, text: texts.floorOrder },
    { isBroken: !namesFloors(form), text: texts.needsNumber },
  ]
  return limits.filter(({ isBroken }) => isBroken).map(({ text }) => text)
}

function isWithin(value: number, most: number): boolean {
  return Number.isNaN(value) || (Number.isInteger(value) && value >= 1 && value <= most)
}

/** Whether a form makes a plan: all numbers are typed, and no limit is broken. */
export function isPlausible(form: HousesForm): boolean {
  return [form.firstFloor, form.lastFloor, form.housesPerFloor].every(Number.isInteger) && brokenLimits(form).length === 0
}
