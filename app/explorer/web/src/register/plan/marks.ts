/** The states of houses and parking places that a plan shows, each with a letter and a pattern besides its colour. */
import type { ParkingStatus, PlanPropertyFragment } from '../../generated/graphql'
import { isValid } from './relations'
import { texts } from './texts'

/** In the order of the legends. */
export const HOUSE_MARKS = ['OWNER', 'TENANT', 'AWAY', 'EMPTY', 'PENDING', 'DISABLED'] as const
export const PLACE_MARKS = ['OWNED', 'LET', 'FREE', 'PENDING', 'DISABLED'] as const

export type Mark = (typeof HOUSE_MARKS)[number] | (typeof PLACE_MARKS)[number]

type Relation = PlanPropertyFragment['propertyRelations'][number]

const OF_OWNER = ['OWNER', 'OWNER_MEMBER']
const OF_STATUS = {
  VACANT: 'FREE', UNSOLD_LET: 'LET', SOLD: 'OWNED', SOLD_OCCUPIED: 'OWNED', SOLD_LET: 'LET',
} as const satisfies Record<ParkingStatus, Mark>

export function titleOfMark(mark: Mark): string {
  return texts.marks[mark]
}

export function letterOf(mark: Mark): string {
  return texts.letters[mark]
}

/** Return the states of a house: who lives there, and what else has to be known. */
export function marksOfHouse(house: PlanPropertyFragment): Mark[] {
  const valid = house.propertyRelations.filter(isValid)
  const living = valid.filter(({ housingStatus }) => housingStatus === 'LIVING_IN')
  return [living.some(isOfOwner) ? 'OWNER' : living.length > 0 ? 'TENANT' : valid.length > 0 ? 'AWAY' : 'EMPTY', ...more(house)]
}

/** Return the states of a parking place: whether it is owned or rented, by its relations or its details. */
export function marksOfPlace(place: PlanPropertyFragment): Mark[] {
  const valid = place.propertyRelations.filter(isValid)
  const recorded = place.parkingDetail?.status ? OF_STATUS[place.parkingDetail.status] : 'FREE'
  const isLet = recorded === 'LET' || valid.some((relation) => !isOfOwner(relation))
  const isOwned = recorded === 'OWNED' || valid.length > 0
  return [isLet ? 'LET' : isOwned ? 'OWNED' : 'FREE', ...more(place)]
}

function more({ status, verificationsConnection }: PlanPropertyFragment): Mark[] {
  const isPending = (verificationsConnection?.nodes ?? []).length > 0
  return [...(isPending ? ['PENDING' as const] : []), ...(status === 'DISABLED' ? ['DISABLED' as const] : [])]
}

function isOfOwner({ tenure }: Relation): boolean {
  return OF_OWNER.includes(tenure)
}
