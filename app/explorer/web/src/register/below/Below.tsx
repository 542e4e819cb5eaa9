import './below.css'
import { useCallback, useMemo, useState } from 'react'
import { AsGraphQL } from '../AsGraphQL'
import { useSettled } from '../search/useSettled'
import type { ViewProps } from '../tabs'
import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import { BelowTable } from './BelowTable'
import { ConditionFields } from './ConditionFields'
import { type Conditions, type Listed, listsOf, NO_CONDITIONS, type Order } from './conditions'
import { FileButtons } from './FileButtons'
import { LIST_DOCUMENTS, PAGE, variablesOf } from './lists'
import { texts } from './texts'
import { useBelow, useBelowCount } from './useBelow'

const NO_ROWS: never[] = []

/** A list with its conditions. */
interface Choice {
  listed: Listed
  conditions: Conditions
}

/** Everything below a record as a table, which can be narrowed, ordered and saved. */
export default function Below({ record }: ViewProps) {
  const lists = listsOf(record)
  const [choice, setChoice] = useState<Choice>({ listed: lists[0], conditions: NO_CONDITIONS })
  const [order, setOrder] = useState<Order | null>(null)
  const { listed, conditions } = choice
  const last = useSettled(choice)
  const settled = last.listed === listed ? last.conditions : NO_CONDITIONS // one list has no types of the other
  const variables = useMemo(() => variablesOf(listed, record, settled, order), [listed, record, settled, order])
  const { data: rows = NO_ROWS, error, refetch, fetchNextPage, hasNextPage, isFetching, isPending } = useBelow(listed, variables)
  const { data: count } = useBelowCount(listed, variables)

  const loadMore = useCallback(() => { if (hasNextPage && !isFetching) void fetchNextPage() }, [hasNextPage, isFetching, fetchNextPage])

  return (
    <div className="below">
      <div className="tools">
        {lists.length > 1 && lists.map((each) => (
          <button
            key={each} type="button" aria-pressed={each === listed}
            onClick={() => { setChoice({ listed: each, conditions: NO_CONDITIONS }); setOrder(null) }}
          >
            {common[each]}
          </button>
        ))}
        <ConditionFields listed={listed} conditions={conditions} onChange={(changed) => { setChoice({ listed, conditions: changed }) }} />
        <FileButtons listed={listed} variables={variables} name={record.name} />
      </div>
      <p className="quiet" role="status">
        {isPending ? common.loading : count === undefined ? texts.rows(rows.length) : texts.rowsOf(rows.length, count)}
      </p>
      {error !== null && <Trouble error={error} onRetry={() => { void refetch() }} />}
      <BelowTable listed={listed} rows={rows} count={count} order={order} onOrder={setOrder} onEnd={loadMore} />
      <AsGraphQL document={LIST_DOCUMENTS[listed].page} variables={{ ...variables, first: PAGE }} />
    </div>
  )
}
