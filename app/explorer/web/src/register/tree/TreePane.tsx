import { PageLink } from '../../PageLink'
import { useStore } from '../../store'
import { type Place, pathOf } from '../place'
import { texts } from '../texts'
import { Trouble } from '../Trouble'
import type { Forest } from './forest'
import { ROOTS } from './nodes'
import { TreeView } from './TreeView'

interface Props {
  forest: Forest
  place: Place
}

/** The trees, of which one is shown. */
export function TreePane({ forest, place }: Props) {
  const store = forest[place.tree]
  const { error } = useStore(store.state)
  return (
    <section className="trees" aria-label={texts.trees}>
      <nav className="views" aria-label={texts.trees}>
        <PageLink to={pathOf({ tree: 'space' })} isCurrent={place.tree === 'space'}>{texts.spaces}</PageLink>
        <PageLink to={pathOf({ tree: 'org' })} isCurrent={place.tree === 'org'}>{texts.orgs}</PageLink>
      </nav>
      {error !== null && <Trouble error={error} onRetry={() => { void store.load(ROOTS, 0) }} />}
      <TreeView key={place.tree} store={store} place={place} label={place.tree === 'space' ? texts.spaces : texts.orgs} />
    </section>
  )
}
