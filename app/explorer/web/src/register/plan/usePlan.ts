import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { PropertyPlanDocument, type PropertyPlanQuery } from '../../generated/graphql'
import { queryOf } from '../queries'
import type { Change } from '../touches'
import type { Plan } from './plan'
import { type PlanSpace, touchesPlan } from './touchesPlan'

function isTouched(change: Change, data: unknown): boolean {
  return touchesPlan(change, (data as PropertyPlanQuery | undefined)?.space ?? null)
}

/** Return the query of a plan, and the plan that `planOf` makes of its answer. */
export function usePlan(id: string, planOf: (space: PlanSpace) => Plan) {
  const { data, error, refetch } = useQuery(queryOf(PropertyPlanDocument, { id }, isTouched))
  const plan = useMemo(() => (data?.space ? planOf(data.space) : null), [data, planOf])
  return { plan, isLoading: data === undefined, error, refetch }
}
