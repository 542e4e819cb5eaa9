import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { pagesOf, queryOf } from '../queries'
import { anyOf, type Change } from '../touches'
import type { Listed } from './conditions'
import { type Answer, type BelowPage, type BelowRow, LIST_DOCUMENTS, PAGE, type variablesOf } from './lists'

type Variables = ReturnType<typeof variablesOf>

type Pages = InfiniteData<Answer<BelowPage>>

const ENTITIES = { spaces: 'space', orgs: 'org' } as const

/** Return the query of a list: its rows as far as they are loaded, page after page. */
export function useBelow(listed: Listed, variables: Variables) {
  const { page } = LIST_DOCUMENTS[listed]
  const next = (answer: Answer<BelowPage>) => nextOf(answer[listed])
  const isTouched = (change: Change, data: unknown) => touchesRows(listed, change, data as Pages | undefined)
  return useInfiniteQuery({
    ...pagesOf(page, (after) => ({ ...variables, first: PAGE, after }), next, isTouched),
    placeholderData: keepPreviousData,
    select: (pages) => rowsOf(listed, pages),
  })
}

/** Return the query of the number of rows on all pages. */
export function useBelowCount(listed: Listed, { filter }: Variables) {
  return useQuery({
    ...queryOf(LIST_DOCUMENTS[listed].count, { filter }, anyOf(ENTITIES[listed])),
    select: (answer) => answer[listed]?.totalCount ?? 0,
  })
}

function nextOf(page: BelowPage | null | undefined): string | null {
  return page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null
}

/** A row that came to another page while the pages were read is on two. */
function rowsOf(listed: Listed, { pages }: Pages): BelowRow[] {
  const nodes = pages.flatMap((answer) => answer[listed]?.nodes ?? [])
  return [...new Map(nodes.map((node) => [node.id, node])).values()]
}

const FAR_REACHING = ['name', 'status', 'type', 'parentId']

/**
 * Records that come and go may be on any page, and so may those that come to match the conditions; the full names of all have a
 * new name above them. Other changes touch the rows that are loaded.
 */
function touchesRows(listed: Listed, { entity, entityId, operation, changedFields }: Change, pages: Pages | undefined): boolean {
  if (entity !== ENTITIES[listed]) return false
  if (operation !== 'UPDATE' || FAR_REACHING.some((field) => changedFields.includes(field))) return true
  return pages !== undefined && rowsOf(listed, pages).some(({ id }) => id === entityId)
}
