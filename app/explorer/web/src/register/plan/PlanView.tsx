import './plan.css'
import { PropertyPlanDocument } from '../../generated/graphql'
import { AsGraphQL } from '../AsGraphQL'
import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import type { Mark } from './marks'
import type { Plan } from './plan'
import { PlanAndPanel } from './PlanAndPanel'
import type { PlanSpace } from './touchesPlan'
import { usePlan } from './usePlan'

interface Props {
  id: string
  planOf: (space: PlanSpace) => Plan
  marks: readonly Mark[]
  label: string
  /** What to say where there is nothing to show. */
  nothing: string
}

/** The properties below a space as a grid. */
export function PlanView({ id, planOf, marks, label, nothing }: Props) {
  const { plan, isLoading, error, refetch } = usePlan(id, planOf)
  const trouble = error === null ? null : <Trouble error={error} onRetry={() => { void refetch() }} />
  if (isLoading) return trouble ?? <p className="loading">{common.loading}</p>
  return (
    <>
      {trouble}
      {plan === null || plan.rows.length === 0
        ? <p className="quiet">{nothing}</p>
        : <PlanAndPanel plan={plan} marks={marks} label={label} />}
      <AsGraphQL document={PropertyPlanDocument} variables={{ id }} />
    </>
  )
}
