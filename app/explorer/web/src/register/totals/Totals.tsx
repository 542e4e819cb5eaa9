import { useState } from 'react'
import { BuildingTotalsDocument, CommunityTotalsDocument } from '../../generated/graphql'
import type { ViewProps } from '../tabs'
import { MEASURES } from './measures'
import { FIRST_PAGE } from './pages'
import { texts } from './texts'
import { TotalsView } from './TotalsView'

/** What the communities of an organisation, or the buildings of a community, add up to. */
export default function Totals({ record: { __typename, id } }: ViewProps) {
  const [page, setPage] = useState(FIRST_PAGE)
  const isOrg = __typename === 'Org'
  return (
    <TotalsView
      document={isOrg ? CommunityTotalsDocument : BuildingTotalsDocument} variables={{ id, ...page }} measures={MEASURES}
      title={isOrg ? texts.community : texts.building} view={isOrg ? 'totals' : 'building'} onPage={setPage}
    />
  )
}
