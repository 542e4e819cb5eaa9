import { type ReactNode } from 'react'
import type { Entry } from './entries'
import { Differences } from './Differences'
import { summaryOf } from './summaries'
import type { Kind } from './kinds'
import { texts } from './texts'
import { When } from './When'

interface Props {
  kind: Kind
  entries: Entry[]
  /** What may be done with an entry, which the element of an id describes. */
  actionOf: (entry: Entry, descriptionId: string) => ReactNode
}

/** The changes of a record, newest first; those of one transaction together. */
export function Timeline({ kind, entries, actionOf }: Props) {
  return (
    <ol className="timeline" aria-label={texts.timeline}>
      {entries.map((entry, index) => (
        <li key={entry.changes[0].id}>
          <h3 id={idOf(entry)}>{summaryOf(kind, entry, entries[index + 1]?.changes[0])}</h3>
          <When change={entry.changes[0]} />
          {entry.changes.map((change) => <Differences key={change.id} kind={kind} change={change} />)}
          {actionOf(entry, idOf(entry))}
        </li>
      ))}
    </ol>
  )
}

function idOf({ changes }: Entry): string {
  return `change-${changes[0].id}`
}
