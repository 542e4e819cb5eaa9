/** Relations of customers to houses and parking places. */
import type { HousingStatus } from '../../generated/graphql'

/** Whether a customer owns or rents the property now: they live there, or are away. */
export function isValid({ housingStatus }: { housingStatus: HousingStatus }): boolean {
  return housingStatus === 'LIVING_IN' || housingStatus === 'AWAY'
}
