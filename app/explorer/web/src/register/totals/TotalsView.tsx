import './totals.css'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BuildingTotalsQuery, CarParksQuery, CommunityTotalsQuery, TypedDocumentString } from '../../generated/graphql'
import { AsGraphQL } from '../AsGraphQL'
import { queryOf } from '../queries'
import { texts as common } from '../texts'
import { anyOf } from '../touches'
import { Trouble } from '../Trouble'
import { Breakdown } from './Breakdown'
import type { Measure } from './measures'
import { MeasureChoice } from './MeasureChoice'
import { Pager } from './Pager'
import type { PageOfTotals } from './pages'

type Answer = BuildingTotalsQuery | CommunityTotalsQuery | CarParksQuery

interface Props {
  document: TypedDocumentString<Answer, PageOfTotals & { id: string }>
  variables: PageOfTotals & { id: string }
  measures: readonly Measure[]
  /** What each row is. */
  title: string
  /** The view that the link of a row shows. */
  view: string
  onPage: (page: PageOfTotals) => void
}

const isTouched = anyOf('space', 'property_relation', 'parking_detail')

/** Totals of the records below one, as bars and as a table. */
export function TotalsView({ document, variables, measures, title, view, onPage }: Props) {
  const { data, error, refetch } = useQuery({ ...queryOf(document, variables, isTouched), placeholderData: keepPreviousData })
  const [name, setName] = useState('')
  const measure = measures.find((each) => each.name === name) ?? measures[0]
  if (error !== null) return <Trouble error={error} onRetry={() => { void refetch() }} />
  if (data === undefined || measure === undefined) return <p className="loading">{common.loading}</p>

  const whole = ('org' in data ? data.org : data.space)?.summary
  return (
    <>
      {measures.length > 1 && <MeasureChoice measures={measures} chosen={measure} onChoose={setName} />}
      {whole === undefined
        ? <p className="quiet">{common.none}</p>
        : <Breakdown measure={measure} rows={data.spaces?.nodes ?? []} whole={whole} title={title} view={view} />}
      <Pager page={variables} count={data.spaces?.totalCount ?? 0} onPage={onPage} />
      <AsGraphQL document={document} variables={variables} />
    </>
  )
}
