import { AsGraphQL } from '../AsGraphQL'
import { usePlace } from '../place'
import type { ViewProps } from '../tabs'
import { factsOf } from './facts'
import { RECORD_DOCUMENTS } from './records'
import { SpaceTotals } from './SpaceTotals'

/** The fields of a record, and the spaces that belong to it. */
export function Overview({ record }: ViewProps) {
  const { tree } = usePlace()
  return (
    <>
      <dl className="facts">
        {factsOf(record).map(({ title, value }) => <div key={title}><dt>{title}</dt><dd>{value}</dd></div>)}
      </dl>
      <SpaceTotals summary={record.summary} />
      <AsGraphQL document={RECORD_DOCUMENTS[tree]} variables={{ id: record.id }} />
    </>
  )
}
