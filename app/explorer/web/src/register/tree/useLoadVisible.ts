import type { VirtualItem } from '@tanstack/react-virtual'
import { useEffect } from 'react'
import { PAGE, ROOTS } from './nodes'
import type { Row } from './rows'
import { nameOf } from './treeState'
import type { TreeStore } from './treeStore'

/** Load the roots, and the pages of the visible rows; those that have failed wait until they are tried again. */
export function useLoadVisible(store: TreeStore, rows: readonly Row[], items: readonly VirtualItem[]): void {
  useEffect(() => { if (!store.state.get().siblings.has(ROOTS)) void store.load(ROOTS, 0) }, [store])
  useEffect(() => {
    for (const { index } of items) {
      const row = rows[index]
      if (row === undefined || row.node !== undefined) continue
      const part = { parent: row.parent, page: Math.floor(row.index / PAGE) }
      if (!store.state.get().failures.has(nameOf(part))) void store.load(part.parent, part.page)
    }
  }, [store, rows, items])
}
