import { useEffect, useState } from 'react'
import { texts as common } from '../texts'
import { texts } from './texts'

interface Props {
  /** How many pages are shown. */
  pages: number
  hasNextPage: boolean
  isFetching: boolean
  /** Whether the pages that are shown could not be read again: then that comes first. */
  isRefetchError: boolean
  refetch: () => Promise<unknown>
  fetchNextPage: () => Promise<{ isFetchNextPageError: boolean }>
}

/**
 * A button that loads the changes before those that are shown, where there are any. While those that are shown are read
 * again, the page before them waits: asking for both at the same time would cancel one.
 */
export function Older({ pages, hasNextPage, isFetching, isRefetchError, refetch, fetchNextPage }: Props) {
  const [wanted, setWanted] = useState(0)
  const isWanted = hasNextPage && pages < wanted && !isRefetchError
  useEffect(() => {
    if (!isWanted || isFetching) return
    void fetchNextPage().then(({ isFetchNextPageError }) => { if (isFetchNextPageError) setWanted(0) })
  }, [isWanted, isFetching, fetchNextPage])
  if (!hasNextPage) return null
  const want = () => {
    setWanted(pages + 1)
    if (isRefetchError && !isFetching) void refetch()
  }
  return (
    <button type="button" aria-disabled={isWanted} onClick={want}>
      {isWanted ? common.loading : texts.older}
    </button>
  )
}
