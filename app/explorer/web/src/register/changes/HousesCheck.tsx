import { AddHousesDocument } from '../../generated/graphql'
import type { UserError } from './errors'
import { FieldErrors } from './FieldErrors'
import { namedErrors } from './houseEffects'
import type { HousePlan } from './housePlan'
import { texts } from './houseTexts'
import { useChange } from './useChange'

interface Props {
  plan: HousePlan
  isReady: boolean
  /** What the program had against the plan; undefined before it is asked. */
  found: UserError[] | undefined
  onChecked: (errors: UserError[]) => void
}

/** Asks the program whether it would take the plan; nothing is written. */
export function HousesCheck({ plan, isReady, found, onChecked }: Props) {
  const { change, isSending, failure } = useChange()

  async function check() {
    const variables = { input: { spaces: plan.rows, dryRun: true } }
    const { data, errors } = await change({ document: AddHousesDocument, variables, reason: '', changesIn: () => [] })
    if (data !== null || errors.length > 0) onChecked(errors)
  }

  return (
    <div className="houses-check">
      <button type="button" disabled={!isReady || isSending} onClick={() => { void check() }}>{texts.check}</button>
      <span role="status">{isSending ? texts.checking : found?.length === 0 ? texts.passed : ''}</span>
      {failure !== null && <p className="trouble" role="alert">{failure.message}</p>}
      <FieldErrors errors={namedErrors(found ?? [], plan)} />
    </div>
  )
}
