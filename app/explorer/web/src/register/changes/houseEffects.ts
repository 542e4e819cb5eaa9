/** What adding houses does, in words. */
import type { SpaceType } from '../../generated/graphql'
import { titleOf } from '../titles'
import type { Effect } from './effects'
import type { UserError } from './errors'
import type { HousePlan } from './housePlan'
import { texts } from './houseTexts'

const TYPES: SpaceType[] = ['BUILDING', 'FLOOR', 'HOUSE']

/** Name what is created: how many of each type, the first and the last one. */
export function effectsOf({ rows }: HousePlan): Effect[] {
  return TYPES.flatMap((type) => {
    const names = rows.filter((row) => row.type === type).map(({ name }) => name ?? '')
    const after = names.length === 1 ? names[0] ?? '' : texts.range(names.length, names[0] ?? '', names.at(-1) ?? '')
    return names.length === 0 ? [] : [{ title: titleOf('SpaceType', type), before: '', after }]
  })
}

/** Return the errors by the keys of their records. */
export function errorsByKey(errors: UserError[], { rows }: HousePlan): Map<string, string> {
  return new Map(errors.map(({ index, message }) => [rows[index ?? -1]?.externalId ?? '', message]))
}

/** Put the name of its record before each error. */
export function namedErrors(errors: UserError[], { rows }: HousePlan): UserError[] {
  return errors.map((each) => {
    const name = rows[each.index ?? -1]?.name
    return name === undefined ? each : { ...each, message: `${name ?? ''}: ${each.message}` }
  })
}
