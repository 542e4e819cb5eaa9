import { type SortingState, useTable } from '@tanstack/react-table'
import { COLUMNS, FEATURES } from './columns'
import type { Column, Listed, Order } from './conditions'
import type { BelowRow } from './lists'

/** Return a table of rows that the program orders; `onOrder` is called when another order is wanted. */
export function useOrderedTable(listed: Listed, rows: BelowRow[], order: Order | null, onOrder: (order: Order | null) => void) {
  const sorting: SortingState = order === null ? [] : [{ id: order.column, desc: order.isDescending }]
  return useTable({
    features: FEATURES, columns: COLUMNS[listed], data: rows, getRowId: ({ id }) => id,
    manualSorting: true, enableMultiSort: false, sortDescFirst: false, state: { sorting },
    onSortingChange(change) {
      const [sorted] = typeof change === 'function' ? change(sorting) : change
      onOrder(sorted === undefined ? null : { column: sorted.id as Column, isDescending: sorted.desc })
    },
  })
}
