import './register.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { Caller } from '../caller'
import { PageLink } from '../PageLink'
import { workingOrg } from '../program'
import { useStore } from '../store'
import { ShowChanges } from './changes/ShowChanges'
import { isLive, useLive, usePosition } from './live'
import { pathOf, usePlace } from './place'
import { newQueries, touch } from './queries'
import { RecordPane } from './record/RecordPane'
import { texts } from './texts'
import type { Change } from './touches'
import { newForest, touchTrees } from './tree/forest'
import { TreePane } from './tree/TreePane'

/** The register to look at. What is cached belongs to one caller, and to the organisation that they work in. */
export default function Register({ caller }: { caller: Caller }) {
  const org = useStore(workingOrg)
  return <Browser key={`${caller.me?.admin?.account ?? ''} ${org}`} />
}

/** Trees beside the record that is chosen in one. */
function Browser() {
  const place = usePlace()
  const isFollowing = useStore(isLive)
  const [queries] = useState(newQueries)
  const [forest] = useState(newForest)

  const show = useCallback(async (changes: Change[]) => {
    touchTrees(forest, changes)
    await touch(queries, changes)
  }, [queries, forest])
  const { data: position, error, isPending } = usePosition(queries)
  useLive(error === null ? position : null, show)
  if (isPending) return <main className="register"><p className="loading">{texts.loading}</p></main>

  return (
    <QueryClientProvider client={queries}>
      <ShowChanges value={show}>
        <main className={place.record === '' ? 'register' : 'register chosen'}>
          {!isFollowing && <p className="notice" role="status">{texts.notLive}</p>}
          <TreePane forest={forest} place={place} />
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
