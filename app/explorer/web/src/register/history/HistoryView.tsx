import { rightsOrgOf } from '../changes/rights'
import { usePlace } from '../place'
import type { ViewProps } from '../tabs'
import { DeletedBelow } from './DeletedBelow'
import { History } from './History'

/** The history of a record of a tree, and what was deleted below it. */
export default function HistoryView({ record }: ViewProps) {
  const { tree } = usePlace()
  return (
    <>
      <History kind={tree} id={record.id} org={rightsOrgOf(record)} />
      <DeletedBelow tree={tree} id={record.id} />
    </>
  )
}
