/** Which changes a plan shows. */
import type { PlanPropertyFragment } from '../../generated/graphql'
import type { Change } from '../touches'

/** A space of a plan, and those below it. */
export interface PlanSpace extends PlanPropertyFragment {
  children?: readonly PlanSpace[]
}

const BESIDE = ['property_relation', 'verification', 'parking_detail']

/** New records beside spaces do not say of which space they are; of others only those count that the plan has. */
export function touchesPlan({ entity, entityId, operation, differences = [] }: Change, root: PlanSpace | null): boolean {
  if (root === null) return entity === 'space'
  const spaces = spacesOf(root)
  if (entity === 'space') {
    const ids = [entityId, ...differences.filter(({ field }) => field === 'parentId').flatMap(({ before, after }) => [before, after])]
    return spaces.some(({ id }) => ids.includes(id))
  }
  return BESIDE.includes(entity) && (operation === 'INSERT' || spaces.some((space) => hasBeside(space, entityId)))
}

function spacesOf(space: PlanSpace): PlanSpace[] {
  return [space, ...(space.children ?? []).flatMap(spacesOf)]
}

function hasBeside({ propertyRelations, verificationsConnection, parkingDetail }: PlanSpace, id: string): boolean {
  return [...propertyRelations, ...verificationsConnection?.nodes ?? [], parkingDetail].some((record) => record?.id === id)
}
