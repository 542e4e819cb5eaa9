import type { Tree } from '../place'
import { typeTitleOf } from '../record/kinds'
import { useResults } from '../search/results'
import { texts as searchTexts } from '../search/texts'
import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import { texts } from './nodeTexts'

interface Props {
  tree: Tree
  name: string
  chosen: string
  onChoose: (id: string) => void
}

/** The records whose names contain what was typed, to choose one of. */
export function ParentsFound({ tree, name, chosen, onChoose }: Props) {
  const { data, error, refetch } = useResults(tree, name)
  if (error !== null) return <Trouble error={error} onRetry={() => { void refetch() }} />
  if (data === null || data === undefined) return <p className="loading" role="status">{common.loading}</p>
  if (data.nodes.length === 0) return <p className="quiet" role="status">{searchTexts.none}</p>
  return (
    <ul className="choices" aria-label={texts.choices}>
      {data.nodes.map((node) => (
        <li key={node.id}>
          <button type="button" aria-pressed={node.id === chosen} onClick={() => { onChoose(node.id) }}>
            {node.name} <span className="quiet">{typeTitleOf(node)} · {node.fullName}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
