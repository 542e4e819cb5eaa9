import { PLACE_MARKS } from '../plan/marks'
import { PlanView } from '../plan/PlanView'
import type { ViewProps } from '../tabs'
import { CarParks } from './CarParks'
import { parkingPlanOf } from './parkingPlan'
import { texts } from './texts'

const WITH_CAR_PARKS = ['COMMUNITY', 'ZONE']

/** The places of a car park, or the car parks of a community. */
export default function Parking({ record }: ViewProps) {
  if (WITH_CAR_PARKS.includes(record.type)) return <CarParks id={record.id} />
  return (
    <PlanView
      id={record.id} planOf={parkingPlanOf} marks={PLACE_MARKS} label={texts.placesOf(record.name)} nothing={texts.nothing}
    />
  )
}
