import { useInfiniteQuery } from '@tanstack/react-query'
import { PageLink } from '../../PageLink'
import { DeletedBelowDocument, type DeletedBelowQuery } from '../../generated/graphql'
import { AsGraphQL } from '../AsGraphQL'
import { pathOf, type Tree } from '../place'
import { pagesOf } from '../queries'
import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import { type DeletedNode, type Deletion, deletionsIn, treeOfDeletion } from './deletions'
import { keyOf, useNames } from './names'
import { Older } from './Older'
import { texts } from './texts'
import { valueBefore } from './valueBefore'
import { When } from './When'

interface Props {
  tree: Tree
  id: string
}

const ENTITIES: Record<Tree, string[]> = { space: ['space'], org: ['org', 'space'] }

/** The deleted records that lay below a record, newest first. */
export function DeletedList({ tree, id }: Props) {
  const { data, error, refetch, hasNextPage, isFetching, isRefetchError, fetchNextPage } = useInfiniteQuery({
    ...pagesOf(DeletedBelowDocument, (before) => ({ under: id, entities: ENTITIES[tree], before }), nextOf,
      ({ entity, operation }) => ENTITIES[tree].includes(entity) && operation !== 'UPDATE'),
    select: ({ pages: read }) => ({ pages: read.length, deletions: deletionsBelow(id, read) }),
  })
  const existing = useNames((data?.deletions ?? []).map(({ top }) => ({ tree: treeOfDeletion(top), id: top.entityId })))
  const trouble = error === null ? null : <Trouble error={error} onRetry={() => { void refetch() }} />
  if (data === undefined) return trouble ?? <p className="loading">{common.loading}</p>
  const { pages, deletions } = data
  return (
    <>
      {trouble}
      {deletions.length === 0 && !hasNextPage && <p className="quiet">{texts.deletedBelowNone}</p>}
      <ul className="deletions" aria-label={texts.deletedBelow}>
        {deletions.map((each) => <Item key={each.top.id} deletion={each} isBack={existing?.has(keyOf({ tree: treeOfDeletion(each.top), id: each.top.entityId })) === true} />)}
      </ul>
      <Older {...{ pages, hasNextPage, isFetching, isRefetchError, refetch, fetchNextPage }} />
      <AsGraphQL document={DeletedBelowDocument} variables={{ under: id, entities: ENTITIES[tree] }} />
    </>
  )
}

function Item({ deletion: { top, below, isPart }, isBack }: { deletion: Deletion; isBack: boolean }) {
  return (
    <li>
      <PageLink to={pathOf({ tree: treeOfDeletion(top), record: top.entityId, view: 'history' })}>
        {valueBefore(top, 'fullName') ?? top.entityId}
      </PageLink>
      {below > 0 && <> {texts.alsoDeleted(isPart ? texts.atLeast(below) : below.toString())}</>}
      {isBack && <> <span className="chip">{texts.restoredChip}</span></>}
      <When change={top} />
    </li>
  )
}

function deletionsBelow(id: string, pages: DeletedBelowQuery[]): Deletion[] {
  return deletionsIn(pages.flatMap(newestFirst).filter(({ entityId }) => entityId !== id), cutIn(pages))
}

function nextOf({ changeFeed }: DeletedBelowQuery): string | null {
  return changeFeed?.pageInfo.hasPreviousPage === true ? changeFeed.pageInfo.startCursor : null
}

/** Return the transaction that the end of the loaded pages cuts in two; undefined where there are no more pages. */
function cutIn(pages: DeletedBelowQuery[]): string | undefined {
  const last = pages.at(-1)
  return last === undefined || nextOf(last) === null ? undefined : newestFirst(last).at(-1)?.transactionId
}

/** The feed is in the order in which the changes were written. */
function newestFirst({ changeFeed }: DeletedBelowQuery): DeletedNode[] {
  return [...changeFeed?.nodes ?? []].reverse()
}
