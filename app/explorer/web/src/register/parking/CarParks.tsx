import { useState } from 'react'
import { CarParksDocument } from '../../generated/graphql'
import { PARKING } from '../totals/measures'
import { TotalsView } from '../totals/TotalsView'
import { FIRST_PAGE } from '../totals/pages'
import { texts } from './texts'

const MEASURES = [PARKING]

/** The parking places of a community by state, for each of its car parks. */
export function CarParks({ id }: { id: string }) {
  const [page, setPage] = useState(FIRST_PAGE)
  return (
    <TotalsView
      document={CarParksDocument} variables={{ id, ...page }} measures={MEASURES} title={texts.carPark} view="parking"
      onPage={setPage}
    />
  )
}
