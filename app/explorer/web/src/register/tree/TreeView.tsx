import { useVirtualizer } from '@tanstack/react-virtual'
import { useId, useMemo, useRef, useState } from 'react'
import { go } from '../../route'
import { useStore } from '../../store'
import { type Drop, useDragging } from '../changes/useDragging'
import { type Place, pathOf } from '../place'
import { type Row, rowsOf } from './rows'
import { TreeRow } from './TreeRow'
import type { TreeStore } from './treeStore'
import { useLoadVisible } from './useLoadVisible'
import { useReveal } from './useReveal'
import { useTreeKeys } from './useTreeKeys'

interface Props {
  store: TreeStore
  place: Place
  label: string
  /** What a choice does; by default the page shows the record. */
  onChoose?: (id: string) => void
  /** What happens when a node is dragged onto another one; without it nodes stay. */
  onDrop?: Drop | undefined
}

const ROW_PIXELS = 30
const OVERSCAN = 10

/** A tree of which only the visible rows are in the page (the ARIA pattern of trees, with an active descendant). */
export function TreeView({ store, place, label, onChoose, onDrop }: Props) {
  const rowId = useId()
  const draggingOf = useDragging(onDrop)
  const state = useStore(store.state)
  const rows = useMemo(() => rowsOf(state), [state])
  const scroller = useRef<HTMLDivElement>(null)
  const [activeKey, setActiveKey] = useState(place.record)
  const active = Math.max(rows.findIndex(({ key }) => key === activeKey), 0)
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PIXELS, overscan: OVERSCAN,
    getItemKey: (index) => rows[index]?.key ?? index,
  })
  const items = virtual.getVirtualItems()

  useLoadVisible(store, rows, items)
  useReveal(store, place, (id) => {
    setActiveKey(id)
    const index = rowsOf(store.state.get()).findIndex(({ key }) => key === id)
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' }) // a list that is loaded again may lack it for a moment
  })

  function moveTo(index: number) {
    setActiveKey(rows[index]?.key ?? '')
    virtual.scrollToIndex(index)
  }

  function choose({ key, node }: Row) {
    setActiveKey(key)
    if (node === undefined) return
    if (onChoose === undefined) go(pathOf({ tree: place.tree, record: node.id, view: place.view }))
    else onChoose(node.id)
  }

  const onKey = useTreeKeys(rows, active, { moveTo, choose, setOpen: ({ key }, isOpen) => { store.setOpen(key, isOpen) } })
  const isActiveShown = items.some(({ index }) => index === active)
  return (
    <div
      ref={scroller} className="tree" {...(rows.length > 0 && { role: 'tree', 'aria-label': label, tabIndex: 0 })} onKeyDown={onKey}
      aria-activedescendant={isActiveShown ? `${rowId}${rows[active]?.key ?? ''}` : undefined}
    >
      <div role="none" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, key, start }) => rows[index] !== undefined && (
          <TreeRow
            key={key} id={`${rowId}${rows[index].key}`} row={rows[index]} top={start} isActive={index === active} isChosen={rows[index].key === place.record}
            dragging={draggingOf(rows[index].node?.id)} onChoose={choose} onToggle={({ key: id, isOpen }) => { store.setOpen(id, !isOpen) }}
          />
        ))}
      </div>
    </div>
  )
}
