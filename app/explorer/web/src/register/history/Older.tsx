import { texts as common } from '../texts'
import { texts } from './texts'

interface Props {
  hasNextPage: boolean
  /** Whether the changes that are shown are read again, too: a page that is asked for then would cancel that. */
  isFetching: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => Promise<unknown>
}

/** A button that loads the changes before those that are shown, where there are any. */
export function Older({ hasNextPage, isFetching, isFetchingNextPage, fetchNextPage }: Props) {
  if (!hasNextPage) return null
  return (
    <button type="button" aria-disabled={isFetching} onClick={() => { if (!isFetching) void fetchNextPage() }}>
      {isFetchingNextPage ? common.loading : texts.older}
    </button>
  )
}
