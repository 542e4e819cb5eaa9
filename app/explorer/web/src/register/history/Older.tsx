import { useEffect, useState } from 'react'
import { texts as common } from '../texts'
import { texts } from './texts'

interface Props {
  /** How many pages are shown. */
  pages: number
  hasNextPage: boolean
  isFetching: boolean
  fetchNextPage: () => Promise<{ isFetchNextPageError: boolean }>
}

/**
 * A button that loads the changes before those that are shown, where there are any. While those that are shown are read
 * again, the page before them waits: asking for both at the same time would cancel one.
 */
export function Older({ pages, hasNextPage, isFetching, fetchNextPage }: Props) {
  const [wanted, setWanted] = useState(0)
  const isWanted = hasNextPage && pages < wanted
  useEffect(() => {
    if (!isWanted || isFetching) return
    void fetchNextPage().then(({ isFetchNextPageError }) => { if (isFetchNextPageError) setWanted(0) })
  }, [isWanted, isFetching, fetchNextPage])
  if (!hasNextPage) return null
  return (
    <button type="button" aria-disabled={isWanted} onClick={() => { setWanted(pages + 1) }}>
      {isWanted ? common.loading : texts.older}
    </button>
  )
}
