import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { dataOf, idOf } from '../../documents'
import { queryOf } from '../queries'
import { anyOf, type Change } from '../touches'
import type { Listed } from './conditions'
import { type BelowPage, type BelowRow, LIST_DOCUMENTS, type variablesOf } from './lists'

type Variables = ReturnType<typeof variablesOf>

const PAGE = 100
const NONE: BelowPage = { nodes: [], pageInfo: { endCursor: null, hasNextPage: false } }
const ENTITIES = { spaces: 'space', orgs: 'org' } as const

/** Return the query of a list: its rows as far as they are loaded, page after page. */
export function useBelow(listed: Listed, variables: Variables) {
  const { page } = LIST_DOCUMENTS[listed]
  return useInfiniteQuery({
    queryKey: [idOf(page), variables],
    queryFn: async ({ pageParam: after }) => (await dataOf(page, { ...variables, first: PAGE, after }))[listed] ?? NONE,
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => pageInfo.hasNextPage ? pageInfo.endCursor : undefined,
    placeholderData: keepPreviousData,
    select: ({ pages }): BelowRow[] => pages.flatMap(({ nodes }) => nodes),
    meta: { isTouched: (change, data) => touchesRows(ENTITIES[listed], change, data as InfiniteData<BelowPage> | undefined) },
  })
}

/** Return the query of the number of rows on all pages. */
export function useBelowCount(listed: Listed, { filter }: Variables) {
  return useQuery({
    ...queryOf(LIST_DOCUMENTS[listed].count, { filter }, anyOf(ENTITIES[listed])),
    select: (answer) => answer[listed]?.totalCount ?? 0,
  })
}

/** Records that come and go may be on any page; other changes touch the rows that are loaded. */
function touchesRows(entity: string, change: Change, data: InfiniteData<BelowPage> | undefined): boolean {
  if (change.entity !== entity) return false
  if (change.operation !== 'UPDATE' || change.changedFields.includes('parentId')) return true
  return data?.pages.some(({ nodes }) => nodes.some(({ id }) => id === change.entityId)) ?? false
}
