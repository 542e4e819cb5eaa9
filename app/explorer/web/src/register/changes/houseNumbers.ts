/** How houses are numbered, from the number of the floor and of the house on it. */

type Numbering = (floor: number, house: number) => string

const two = (value: number) => value.toString().padStart(2, '0')

/** By the number of the first house on the first floor. */
export const NUMBERINGS = {
  '101': (floor, house) => `${floor.toString()}${two(house)}`,
  '0101': (floor, house) => `${two(floor)}${two(house)}`,
  '1-1': (floor, house) => `${floor.toString()}-${house.toString()}`,
  '01-01': (floor, house) => `${two(floor)}-${two(house)}`,
} satisfies Record<string, Numbering>

export type NumberFormat = keyof typeof NUMBERINGS
