/** What a change did, in words. */
import type { Entry, RecordedChange } from './entries'
import { joined, titleOfField } from './fields'
import type { Kind } from './kinds'
import { texts } from './texts'

/** Return what the changes of an entry did; `older` is the change before them. */
export function summaryOf(kind: Kind, { changes }: Entry, older: RecordedChange | undefined): string {
  const isNew = changes.some(({ operation }) => operation === 'INSERT')
  const shown = changes.filter(({ operation }) => operation !== 'PLACE' || !isNew)
  const words = shown.reverse().flatMap((change) => wordsOf(kind, change, older))
  const sentence = joined([...new Set(words)])
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function wordsOf(kind: Kind, change: RecordedChange, older: RecordedChange | undefined): string[] {
  if (change.operation === 'INSERT') return [older?.operation === 'DELETE' ? texts.cameBack : texts.created]
  if (change.operation === 'DELETE') return [texts.deleted]
  if (change.operation === 'PLACE') return [texts.placed]
  const fields = change.differences.map(({ field }) => field)
  const done = change.differences.flatMap(({ field, after }) => WORDS_BY_FIELD[field]?.(after) ?? [])
  const others = fields.filter((field) => !(field in WORDS_BY_FIELD) && !followsFrom(fields, field))
  return others.length === 0 ? done : [...done, texts.changed(joined(others.map((field) => titleOfField(kind, field))))]
}

/** Whether a field follows from others. The owner of a space does when the space is moved. */
function followsFrom(fields: string[], field: string): boolean {
  return FOLLOWING.includes(field) || (field === 'orgId' && fields.includes('parentId'))
}

/** Changes that have a word of their own. */
const WORDS_BY_FIELD: Record<string, ((after: string | null) => string) | undefined> = {
  name: () => texts.renamed,
  parentId: () => texts.moved,
  status: (after) => after === 'ENABLED' ? texts.enabled : texts.disabled,
  mergedIntoId: () => texts.merged,
}

/** They say in other words what the name and the place say. */
const FOLLOWING = ['fullName', 'code', 'path', 'depth', 'communityId']
