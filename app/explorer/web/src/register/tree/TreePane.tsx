import { Suspense, useState } from 'react'
import { PageLink } from '../../PageLink'
import { useStore } from '../../store'
import { useDrops } from '../changes/useDrops'
import { type Place, pathOf } from '../place'
import { SearchResults } from '../search/SearchResults'
import { texts as searchTexts } from '../search/texts'
import { useSettled } from '../search/useSettled'
import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import type { Forest } from './forest'
import { ROOTS } from './nodes'
import { texts } from './texts'
import { TreeView } from './TreeView'
import type { TreeStore } from './treeStore'

interface Props {
  forest: Forest
  place: Place
}

/** The trees, of which one is shown, or what a search finds in it. */
export function TreePane({ forest, place }: Props) {
  const store = forest[place.tree]
  const { failures, siblings } = useStore(store.state)
  const [failure] = failures.values()
  const [typed, setTyped] = useState('')
  const name = useSettled(typed.trim())
  const { onDrop, dialog } = useDrops(place.tree)
  return (
    <section className="trees" aria-label={common.trees}>
      <nav className="views" aria-label={common.trees}>
        <PageLink to={pathOf({ tree: 'space' })} isCurrent={place.tree === 'space'}>{common.spaces}</PageLink>
        <PageLink to={pathOf({ tree: 'org' })} isCurrent={place.tree === 'org'}>{common.orgs}</PageLink>
      </nav>
      <div className="tools">
        <input
          type="search" aria-label={searchTexts.search} placeholder={searchTexts.search} value={typed}
          onChange={(event) => { setTyped(event.target.value) }}
        />
        <OpenAll store={store} record={place.record} />
      </div>
      {failure !== undefined && <Trouble error={failure.error} onRetry={store.retry} />}
      {failure === undefined && !siblings.has(ROOTS) && <p className="loading">{common.loading}</p>}
      {siblings.get(ROOTS)?.count === 0 && <p className="quiet empty">{texts.empty}</p>}
      {name === ''
        ? <TreeView key={place.tree} store={store} place={place} label={place.tree === 'space' ? common.spaces : common.orgs} onDrop={onDrop} />
        : <SearchResults place={place} name={name} />}
      <Suspense fallback={null}>{dialog}</Suspense>
    </section>
  )
}

/** Opens all below the chosen record, or closes all. */
function OpenAll({ store, record }: { store: TreeStore; record: string }) {
  const [isBusy, setIsBusy] = useState(false)
  const { open } = useStore(store.state)

  async function openAll() {
    setIsBusy(true)
    await store.openAll(record)
    setIsBusy(false)
  }

  return (
    <>
      <button type="button" disabled={record === '' || isBusy} title={texts.openAllHint} onClick={() => { void openAll() }}>{texts.openAll}</button>
      <button type="button" disabled={open.size === 0} onClick={() => { store.closeAll() }}>{texts.closeAll}</button>
    </>
  )
}
