import type { Tree } from '../place'
import { typeTitleOf } from '../record/kinds'
import { useResults } from '../search/results'
import { texts as searchTexts } from '../search/texts'
import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import { Choices } from './Choices'
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
  const choices = data.nodes.map((node) => ({ id: node.id, title: node.name, note: `${typeTitleOf(node)} · ${node.fullName}` }))
  return <Choices label={texts.choices} choices={choices} chosen={chosen} onChoose={onChoose} />
}
