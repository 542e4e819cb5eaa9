/** Answers of the program, cached, and asked again when a change touches them. */
import { infiniteQueryOptions, type Query, QueryClient, queryOptions } from '@tanstack/react-query'
import { dataOf, idOf } from '../documents'
import type { TypedDocumentString } from '../generated/graphql'
import type { Change, Touch } from './touches'

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: { isTouched: Touch }
  }
}

const MINUTES = 60_000

export function newQueries(): QueryClient {
  const queries = { staleTime: Infinity, gcTime: 10 * MINUTES, retry: false, refetchOnWindowFocus: false }
  return new QueryClient({ defaultOptions: { queries } })
}

/** Return the options of `useQuery` for a document and its variables. */
export function queryOf<T, V>(document: TypedDocumentString<T, V>, variables: V, isTouched: Touch) {
  return queryOptions({
    queryKey: [idOf(document), variables],
    queryFn: () => dataOf(document, variables),
    meta: { isTouched },
  })
}

/**
 * Return the options of `useInfiniteQuery` for a connection that is read page by page. `variables` has those of a page,
 * which begins at a cursor; `next` returns the cursor of the page after one, or null behind the last.
 */
export function pagesOf<T, V>(
  document: TypedDocumentString<T, V>, variables: (cursor: string | null) => V, next: (page: T) => string | null, isTouched: Touch,
) {
  return infiniteQueryOptions({
    queryKey: [idOf(document), 'pages', variables(null)],
    queryFn: ({ pageParam }) => dataOf(document, variables(pageParam)),
    initialPageParam: null as string | null,
    getNextPageParam: next,
    meta: { isTouched },
  })
}

/**
 * Ask again what the changes touch: at once where it is shown, otherwise when it is shown again. A first answer that is on
 * its way may be older than the changes, and is asked again when it is there. The promise ends with the answers that are shown.
 */
export async function touch(queries: QueryClient, changes: Change[]): Promise<void> {
  const touched = queries.getQueryCache().findAll({
    predicate: ({ meta, state }) => changes.some((change) => meta?.isTouched(change, state.data) === true),
  })
  const unanswered = touched.filter(({ state }) => state.data === undefined)
  touched.filter((query) => !query.isActive()).forEach((query) => { void invalidateAnswered(queries, query) })
  await invalidate(queries, touched)
  await invalidate(queries, unanswered)
}

/** An answer that is on its way to a query that is not shown would take back that the query has to be asked again. */
async function invalidateAnswered(queries: QueryClient, query: Query): Promise<void> {
  if (query.promise === undefined) return
  await query.promise.catch(() => undefined)
  await invalidate(queries, [query])
}

async function invalidate(queries: QueryClient, asked: Query[]): Promise<void> {
  await queries.invalidateQueries({ predicate: (query) => asked.includes(query) })
}
