/** The changes of a record as a timeline: those of one transaction are one entry. */
import type { HistoryPageFragment } from '../../generated/graphql'

export type RecordedChange = HistoryPageFragment['nodes'][number]

export interface Entry {
  /** Newest first, as everywhere. */
  changes: [RecordedChange, ...RecordedChange[]]
}

export function entriesOf(changes: RecordedChange[]): Entry[] {
  const entries: Entry[] = []
  for (const change of changes) {
    const last = entries.at(-1)
    if (last?.changes[0].transactionId === change.transactionId) last.changes.push(change)
    else entries.push({ changes: [change] })
  }
  return entries
}

/** Return the change to undo so that a record is as it was before an entry; undefined where it is not undone. */
export function undoneBy({ changes }: Entry, exists: boolean): RecordedChange | undefined {
  if (changes.some(({ operation }) => operation === 'INSERT')) return undefined
  return changes.findLast(({ operation }) => operation === (exists ? 'UPDATE' : 'DELETE'))
}
