/** Who has a house or a parking place, who claims it, and who moved in or out. */
import { useQuery } from '@tanstack/react-query'
import { PropertyResidentsDocument, type PropertyResidentsQuery } from '../../generated/graphql'
import { queryOf } from '../queries'
import type { Change } from '../touches'

export type Property = NonNullable<PropertyResidentsQuery['space']>
export type Relation = Property['propertyRelations'][number]

const BESIDE = ['property_relation', 'verification', 'parking_detail', 'housing_record']

/** Return the query of a property; its data are null when it does not exist, or is not visible. */
export function useResidents(id: string) {
  const isTouched = (change: Change, data: unknown) => touches(change, id, (data as PropertyResidentsQuery | undefined)?.space ?? null)
  return useQuery({ ...queryOf(PropertyResidentsDocument, { id }, isTouched), select: ({ space }) => space })
}

/** New records beside spaces do not say of which space they are. */
function touches({ entity, entityId, operation }: Change, id: string, property: Property | null): boolean {
  if (entity === 'space') return entityId === id
  if (BESIDE.includes(entity) && operation === 'INSERT') return true
  return property !== null && idsIn(property).includes(entityId)
}

function idsIn({ propertyRelations, verificationsConnection, housingRecordsConnection, parkingDetail }: Property): (string | undefined)[] {
  const relations = propertyRelations.flatMap((relation) => [relation.id, relation.customer?.id])
  const claims = verificationsConnection?.nodes.map((claim) => claim.id) ?? []
  const records = housingRecordsConnection?.nodes.map((record) => record.id) ?? []
  return [...relations, ...claims, ...records, parkingDetail?.id]
}
