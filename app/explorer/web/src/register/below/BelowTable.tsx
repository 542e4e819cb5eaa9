import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { Listed, Order } from './conditions'
import { Heading } from './Heading'
import type { BelowRow } from './lists'
import { texts } from './texts'
import { useOrderedTable } from './useOrderedTable'

interface Props {
  listed: Listed
  rows: BelowRow[]
  /** The number of rows on all pages; undefined while it is counted. */
  count: number | undefined
  order: Order | null
  onOrder: (order: Order | null) => void
  /** Called when the last loaded row comes near. */
  onEnd: () => void
}

const ROW_PIXELS = 33
const OVERSCAN = 20

/** A table of which only the visible rows are in the page; the next page of rows is loaded as its end comes near. */
export function BelowTable({ listed, rows, count, order, onOrder, onEnd }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const table = useOrderedTable(listed, rows, order, onOrder)
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PIXELS, overscan: OVERSCAN,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  const isNearEnd = rows.length > 0 && last >= rows.length - OVERSCAN

  useEffect(() => { if (isNearEnd) onEnd() }, [isNearEnd, onEnd])

  const shown = table.getRowModel().rows
  const above = items[0]?.start ?? 0
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <div ref={scroller} className="scroller" tabIndex={0} role="region" aria-label={texts.table}>
      <table aria-rowcount={(count ?? -2) + 1}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => (
                <Heading key={header.id} isSorted={header.column.getIsSorted()} onToggle={() => { header.column.toggleSorting() }}>
                  <table.FlexRender header={header} />
                </Heading>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
          {items.map(({ index }) => (
            <tr key={shown[index]?.id} aria-rowindex={index + 2}>
              {shown[index]?.getAllCells().map((cell) => <td key={cell.id}><table.FlexRender cell={cell} /></td>)}
            </tr>
          ))}
          {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  )
}
