import './house.css'
import { PropertyResidentsDocument } from '../../generated/graphql'
import { AsGraphQL } from '../AsGraphQL'
import type { ViewProps } from '../tabs'
import { Occupants } from './Occupants'

/** Who has a house or a parking place, as a view of its record. */
export default function Residents({ record: { id } }: ViewProps) {
  return (
    <>
      <Occupants id={id} />
      <AsGraphQL document={PropertyResidentsDocument} variables={{ id }} />
    </>
  )
}
