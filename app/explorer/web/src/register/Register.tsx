import './register.css'
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { type Caller, rightsOf } from '../caller'
import { idOf } from '../documents'
import { RegisterPositionDocument } from '../generated/graphql'
import { PageLink } from '../PageLink'
import { doubtRights, rightsDoubts, workingOrg } from '../program'
import { useStore } from '../store'
import { askRightsAgain } from './changes/rights'
import { ShowChanges } from './changes/ShowChanges'
import { isLive, useLive, usePosition } from './live'
import { pathOf, usePlace } from './place'
import { newQueries, touch } from './queries'
import { RecordPane } from './record/RecordPane'
import { texts } from './texts'
import type { Change } from './touches'
import { Trouble } from './Trouble'
import { newForest, touchTrees } from './tree/forest'
import { TreePane } from './tree/TreePane'

/** The register to look at. What is cached belongs to one caller, and to the organisation that they work in. */
export default function Register({ caller }: { caller: Caller }) {
  const org = useStore(workingOrg)
  return <Browser key={`${caller.me?.admin?.account ?? ''} ${org}`} rights={rightsOf(caller)} />
}

/** Trees beside the record that is chosen in one. */
function Browser({ rights }: { rights: string }) {
  const place = usePlace()
  const isFollowing = useStore(isLive)
  const [queries] = useState(newQueries)
  const doubts = useStore(rightsDoubts)
  const [{ forest, shownTo }, setShown] = useState(() => ({ forest: newForest(), shownTo: rights }))
  if (shownTo !== rights) setShown({ forest: newForest(), shownTo: rights })

  useEffect(() => () => { void dropAnswers(queries) }, [queries, rights])
  useEffect(() => { if (doubts > 0) void askRightsAgain(queries) }, [queries, doubts])
  useEffect(doubtBesideFeed, [])

  const show = useCallback(async (changes: Change[]) => {
    touchTrees(forest, changes)
    await touch(queries, changes)
  }, [queries, forest])
  const { data: position, error, refetch } = usePosition(queries)
  useLive(position, show)
  if (position === undefined) {
    return (
      <main className="register">
        {error === null ? <p className="loading">{texts.loading}</p> : <Trouble error={error} onRetry={() => { void refetch() }} />}
      </main>
    )
  }

  return (
    <QueryClientProvider client={queries}>
      <ShowChanges value={show}>
        <main className={place.record === '' ? 'register' : 'register chosen'}>
          {!isFollowing && <p className="notice" role="status">{texts.notLive}</p>}
          <TreePane key={rights} forest={forest} place={place} />
          <div className="record">
            {place.record === '' ? <p className="quiet">{texts.choose}</p> : (
              <>
                <nav className="back"><PageLink to={pathOf({ tree: place.tree })}>{texts.back}</PageLink></nav>
                <RecordPane key={`${place.tree} ${place.record}`} place={place} />
              </>
            )}
          </div>
        </main>
      </ShowChanges>
    </QueryClientProvider>
  )
}

/** Ask all anew but the position: the feed goes on from there, and a dialog stays open. */
function dropAnswers(queries: QueryClient): Promise<void> {
  return queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== idOf(RegisterPositionDocument) })
}

/** Doubt the rights of the caller when the feed of changes ends, and when it is followed again. */
function doubtBesideFeed(): () => void {
  let wasLive = isLive.get()
  return isLive.subscribe(() => {
    if (isLive.get() !== wasLive) doubtRights()
    wasLive = isLive.get()
  })
}
