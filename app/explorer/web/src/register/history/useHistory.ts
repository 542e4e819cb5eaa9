import { useInfiniteQuery } from '@tanstack/react-query'
import { pagesOf } from '../queries'
import type { Touch } from '../touches'
import { entriesOf, type Entry, type RecordedChange } from './entries'
import { type HistoryAnswer, type Kind, kindOf } from './kinds'

export interface HistoryOfRecord {
  /** How many pages of changes are loaded. */
  pages: number
  changes: RecordedChange[]
  entries: Entry[]
  /** Null of a record that is deleted, or not visible. */
  version: number | null
}

/** Return the query of the changes of a record, newest first, page by page. */
export function useHistory(kind: Kind, id: string) {
  const pages = pagesOf(kindOf(kind).history, (after) => ({ id, after }), nextOf, touches(kind, id))
  return useInfiniteQuery({ ...pages, select: ({ pages: read }) => historyIn(read) })
}

function nextOf({ changes }: HistoryAnswer): string | null {
  return changes?.pageInfo.hasNextPage === true ? changes.pageInfo.endCursor : null
}

function historyIn(pages: HistoryAnswer[]): HistoryOfRecord {
  const changes = pages.flatMap((page) => page.changes?.nodes ?? [])
  return { pages: pages.length, changes, entries: entriesOf(changes), version: pages[0]?.record?.version ?? null }
}

/** The feed leaves out that a record was placed anew; the record above it, which was renamed or moved, is in it. */
function touches(kind: Kind, id: string): Touch {
  return ({ entity, entityId, changedFields }) =>
    entity === kind && (entityId === id || changedFields.some((field) => field === 'name' || field === 'parentId'))
}
