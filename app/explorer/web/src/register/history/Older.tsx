import { texts as common } from '../texts'
import { texts } from './texts'

interface Props {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => Promise<unknown>
}

/** A button that loads the changes before those that are shown, where there are any. */
export function Older({ hasNextPage, isFetchingNextPage, fetchNextPage }: Props) {
  if (!hasNextPage) return null
  return (
    <button type="button" disabled={isFetchingNextPage} onClick={() => { void fetchNextPage() }}>
      {isFetchingNextPage ? common.loading : texts.older}
    </button>
  )
}
