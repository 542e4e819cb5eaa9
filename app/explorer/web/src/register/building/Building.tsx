import { HOUSE_MARKS } from '../plan/marks'
import { PlanView } from '../plan/PlanView'
import type { ViewProps } from '../tabs'
import { buildingPlanOf } from './buildingPlan'
import { texts } from './texts'

/** The houses of a building or a unit, floor by floor, with who lives there. */
export default function Building({ record: { id, name } }: ViewProps) {
  return <PlanView id={id} planOf={buildingPlanOf} marks={HOUSE_MARKS} label={texts.housesOf(name)} nothing={texts.nothing} />
}
