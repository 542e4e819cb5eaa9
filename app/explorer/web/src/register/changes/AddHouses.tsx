import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { AddHousesDocument, type AddHousesMutation, FloorsBelowDocument } from '../../generated/graphql'
import { queryOf } from '../queries'
import { texts as common } from '../texts'
import { anyOf } from '../touches'
import { Trouble } from '../Trouble'
import type { ActionProps } from './actions'
import { ChangeDialog } from './ChangeDialog'
import { Dialog } from './Dialog'
import { HousesCheck } from './HousesCheck'
import { HousesFields } from './HousesFields'
import { HousesPreview } from './HousesPreview'
import { effectsOf, errorsByKey } from './houseEffects'
import { brokenLimits, isPlausible } from './houseLimits'
import { type HousesForm, type KnownFloor, MOST_ROWS, NO_PLAN, planOf } from './housePlan'
import { texts } from './houseTexts'
import { moveOf } from './nodes'
import { newKey } from './sending'
import type { UserError } from './errors'

const FORM: HousesForm = { building: '', firstFloor: 1, lastFloor: 6, housesPerFloor: 2, prefix: '', format: '101', floorName: texts.floorPattern }

/** Adds floors with houses to a building or a unit, or a whole new building to what is above. */
export default function AddHouses(props: ActionProps) {
  const options = queryOf(FloorsBelowDocument, { id: props.record.id }, anyOf('space'))
  const { data, error, refetch } = useQuery({ ...options, gcTime: 0 }) // an earlier answer may lack floors, which would be created twice
  const floors = data?.space?.children
  if (floors !== undefined) return <AddHousesTo {...props} known={floors} />
  return (
    <Dialog title={texts.addOf(props.record.name)} onClose={props.onClose}>
      {error === null ? <p className="loading">{common.loading}</p> : <Trouble error={error} onRetry={() => { void refetch() }} />}
      <footer><button type="button" data-first="" onClick={props.onClose}>{common.close}</button></footer>
    </Dialog>
  )
}

function AddHousesTo({ record, known: given, onClose }: ActionProps & { known: readonly KnownFloor[] }) {
  const [known] = useState(given)
  const [batch] = useState(newKey)
  const [form, setForm] = useState(FORM)
  const [checked, setChecked] = useState<{ form: HousesForm; errors: UserError[] }>()
  const needsBuilding = record.__typename === 'Space' && record.childTypes.includes('BUILDING')
  const isFilled = isPlausible(form) && (!needsBuilding || form.building.trim() !== '')
  const wanted = isFilled ? planOf({ ...form, building: form.building.trim() }, record.id, known, batch) : NO_PLAN
  const isTooLong = wanted.rows.length > MOST_ROWS
  const plan = isTooLong ? NO_PLAN : wanted // thousands of cells make typing slow
  const refused = [...brokenLimits(form), ...(isTooLong ? [texts.tooMany(wanted.rows.length)] : [])]
  const found = checked?.form === form ? checked.errors : undefined
  const proposal = {
    title: texts.addOf(record.name),
    action: texts.create(plan.rows.length),
    document: AddHousesDocument,
    variables: () => ({ input: { spaces: plan.rows } }),
    basis: { version: 0, effects: effectsOf(plan) },
    changesIn: ({ upsertSpaces }: AddHousesMutation) =>
      (upsertSpaces?.spaces ?? []).map(({ id, parentId }) => moveOf('space', id, null, parentId, 'INSERT')),
  }
  return (
    <ChangeDialog proposal={proposal} isWide isReady={found?.length === 0 && plan.rows.length > 0} onDone={onClose} onClose={onClose}>
      {() => (
        <>
          <HousesFields form={form} hasBuilding={needsBuilding} onChange={setForm} />
          {refused.map((text) => <p key={text} className="trouble" role="alert">{text}</p>)}
          {plan.floors.length > 0 && <HousesPreview floors={plan.floors} errors={errorsByKey(found ?? [], plan)} />}
          <HousesCheck
            key={JSON.stringify(form)} plan={plan} isReady={plan.rows.length > 0} found={found}
            onChecked={(errors) => { setChecked({ form, errors }) }}
          />
        </>
      )}
    </ChangeDialog>
  )
}
