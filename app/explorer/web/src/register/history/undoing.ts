/** What a restoration changes: the values of a record now, and those before a change of it. */
import type { Difference } from '../touches'
import type { RecordedChange } from './entries'

/** Personal data that the caller sees masked: equal masks may hide different values. */
const MASKED = '**'

/** Return what changes when a record goes back to its state before a change: its changes since, newest first, undone. */
export function undoing(changes: RecordedChange[], undone: RecordedChange, restored: readonly string[]): Difference[] {
  const since = changes.slice(0, changes.findIndex(({ id }) => id === undone.id) + 1).filter(({ operation }) => operation !== 'PLACE')
  const found = new Map<string, Difference>()
  for (const { field, before, after } of since.flatMap(({ differences }) => differences)) {
    found.set(field, { field, before: found.has(field) ? found.get(field)?.before ?? null : after, after: before })
  }
  return [...found.values()].filter(({ field, before, after }) =>
    restored.includes(field) && (before !== after || before?.includes(MASKED) === true))
}
