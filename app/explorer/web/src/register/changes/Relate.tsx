import { useState } from 'react'
import { type HousingStatus, RelateCustomerDocument, type RelateCustomerMutation, type Tenure } from '../../generated/graphql'
import { titleOf } from '../titles'
import type { ActionProps } from './actions'
import { ChangeDialog } from './ChangeDialog'
import { CustomerPicker, type FoundCustomer } from './CustomerPicker'
import { EnumField } from './EnumField'
import { errorsOf } from './errors'
import { FieldErrors } from './FieldErrors'
import { texts } from './residentTexts'

const FIELDS = ['customerId', 'tenure', 'isMain', 'housingStatus']

/** Lets a customer own or rent a house or a parking place. */
export default function Relate({ record, onClose }: ActionProps) {
  const [customer, setCustomer] = useState<FoundCustomer>()
  const [tenure, setTenure] = useState<Tenure>('OWNER')
  const [isMain, setIsMain] = useState(false)
  const [housingStatus, setHousingStatus] = useState<HousingStatus>('LIVING_IN')
  const effects = customer === undefined ? [] : [
    { title: texts.customer, before: '', after: customer.name },
    { title: texts.tenure, before: '', after: titleOf('Tenure', tenure) },
    ...(isMain ? [{ title: texts.isMain, before: '', after: texts.yes }] : []),
    { title: texts.housingStatus, before: '', after: titleOf('HousingStatus', housingStatus) },
  ]
  const proposal = {
    title: texts.relateOf(record.name),
    action: texts.relate,
    document: RelateCustomerDocument,
    variables: () => ({ input: { spaceId: record.id, customerId: customer?.id ?? '', tenure, isMain, housingStatus } }),
    basis: { version: 0, effects },
    changesIn: ({ createPropertyRelation }: RelateCustomerMutation) => [{
      entity: 'property_relation', entityId: createPropertyRelation?.propertyRelation?.id ?? '', operation: 'INSERT', changedFields: [],
    }],
  }
  return (
    <ChangeDialog proposal={proposal} fields={FIELDS} isReady={customer !== undefined} onDone={onClose} onClose={onClose}>
      {(errors) => (
        <>
          <CustomerPicker chosen={customer} onChoose={setCustomer} />
          <FieldErrors errors={errorsOf(errors, 'customerId')} />
          <EnumField title={texts.tenure} name="tenure" type="Tenure" value={tenure} errors={errors} onChange={setTenure} />
          <label className="check">
            <input type="checkbox" checked={isMain} onChange={(event) => { setIsMain(event.target.checked) }} /> {texts.isMain}
          </label>
          <FieldErrors errors={errorsOf(errors, 'isMain')} />
          <EnumField
            title={texts.housingStatus} name="housingStatus" type="HousingStatus" value={housingStatus} errors={errors} onChange={setHousingStatus}
          />
        </>
      )}
    </ChangeDialog>
  )
}
