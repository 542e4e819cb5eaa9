import type { RowDragging } from '../changes/useDragging'
import { typeTitleOf } from '../record/kinds'
import { titleOf } from '../titles'
import { type Counts, sumOf } from './counts'
import type { Row } from './rows'
import { texts } from './texts'

interface Props {
  id: string
  row: Row
  top: number
  isActive: boolean
  isChosen: boolean
  dragging: RowDragging | undefined
  onChoose: (row: Row) => void
  onToggle: (row: Row) => void
}

/** A node of a tree, with the number of spaces below it. */
export function TreeRow({ id, row, top, isActive, isChosen, dragging, onChoose, onToggle }: Props) {
  const { node, level, index, count, isOpen } = row
  const hasChildren = (node?.childCount ?? 0) > 0
  return (
    <div
      {...dragging} id={id} role="treeitem" className={isActive ? 'row active' : 'row'} style={{ top, paddingLeft: level * 16 }}
      aria-level={level} aria-posinset={index + 1} aria-setsize={count} aria-selected={isChosen}
      aria-expanded={hasChildren ? isOpen : undefined} onClick={() => { onChoose(row) }}
    >
      <span
        className={hasChildren ? 'twisty' : 'twisty none'} aria-hidden="true"
        onClick={(event) => { event.stopPropagation(); if (hasChildren) onToggle(row) }}
      >
        {isOpen ? '▾' : '▸'}
      </span>
      {node === undefined ? <span className="quiet">…</span> : (
        <>
          <span className="name">{node.name}</span>
          {node.status === 'DISABLED' && <span className="chip disabled">{titleOf('Status', node.status)}</span>}
          <span className="quiet type">{typeTitleOf(node)}</span>
          {row.counts !== undefined && sumOf(row.counts) > 0 && <Count counts={row.counts} />}
        </>
      )}
    </div>
  )
}

function Count({ counts }: { counts: Counts }) {
  const sum = sumOf(counts)
  const types = [...counts].filter(([, count]) => count > 0)
  const title = types.map(([type, count]) => `${titleOf('SpaceType', type)} ${count.toLocaleString()}`).join(' · ')
  return <span className="count" title={title} aria-label={texts.spaceCount(sum)}>{sum.toLocaleString()}</span>
}
