import { AsGraphQL } from '../AsGraphQL'
import { PageLink } from '../../PageLink'
import { type Place, pathOf } from '../place'
import { typeTitleOf } from '../record/kinds'
import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import { SEARCH_DOCUMENTS, useResults, variablesOf } from './results'
import { texts } from './texts'

interface Props {
  place: Place
  name: string
}

/** The records whose names contain what was typed; a click shows the record and opens the tree down to it. */
export function SearchResults({ place: { tree, record, view }, name }: Props) {
  const { data, error, refetch, isPlaceholderData } = useResults(tree, name)
  if (error !== null) return <Trouble error={error} onRetry={() => { void refetch() }} />
  if (data === null || data === undefined || isPlaceholderData) return <p className="loading" role="status">{common.loading}</p>
  const { nodes, pageInfo } = data
  const said = nodes.length === 0 ? texts.none : pageInfo.hasNextPage ? texts.more(nodes.length) : texts.some(nodes.length)
  return (
    <div className="results">
      <p className="quiet" role="status">{said}</p>
      <ul aria-label={texts.results}>
        {nodes.map((node) => (
          <li key={node.id}>
            <PageLink to={pathOf({ tree, record: node.id, view })} isCurrent={node.id === record}>
              {node.name} <span className="quiet">{typeTitleOf(node)}</span>
            </PageLink>
            <span className="quiet path">{node.fullName}</span>
          </li>
        ))}
      </ul>
      <AsGraphQL document={SEARCH_DOCUMENTS[tree]} variables={variablesOf(name)} />
    </div>
  )
}
