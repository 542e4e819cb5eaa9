import { useState } from 'react'
import { dataOf } from '../../documents'
import { ClaimAgainDocument, DecideClaimDocument, type DecideClaimMutation, type HouseClaimFragment } from '../../generated/graphql'
import { existing } from '../existing'
import { titleOf } from '../titles'
import { ChangeDialog } from './ChangeDialog'
import { Confirmation } from './Confirmation'
import { CustomerPicker, type FoundCustomer } from './CustomerPicker'
import { EnumField } from './EnumField'
import { errorsOf } from './errors'
import { Field } from './Field'
import { FieldErrors } from './FieldErrors'
import { texts } from './residentTexts'

const FIELDS = ['status', 'customerId', 'remark', 'moveOutOther', 'replaceTenure']
const DECISIONS = ['APPROVED', 'REJECTED'] as const

interface Props {
  title: string
  claim: HouseClaimFragment
  onClose: () => void
}

/** Approves or rejects a claim. What the program wants confirmed is asked beside its error. */
export function Decision({ title, claim, onClose }: Props) {
  const [status, setStatus] = useState<(typeof DECISIONS)[number]>(claim.status === 'APPROVED' ? 'REJECTED' : 'APPROVED')
  const [customer, setCustomer] = useState<FoundCustomer>()
  const [remark, setRemark] = useState(claim.remark ?? '')
  const [moveOutOther, setMoveOutOther] = useState(false)
  const [replaceTenure, setReplaceTenure] = useState(false)
  const needsCustomer = claim.customer === null && status === 'APPROVED'
  const proposal = {
    title,
    action: status === 'APPROVED' ? texts.approve : texts.reject,
    document: DecideClaimDocument,
    variables: (expectedVersion: number) => ({
      input: { id: claim.id, expectedVersion, status, remark, moveOutOther, replaceTenure, ...(customer !== undefined && { customerId: customer.id }) },
    }),
    basis: basisOf(claim),
    reread: () => readAgain(claim.id).then(basisOf),
    changesIn: (data: DecideClaimMutation) => [
      { entity: 'verification', entityId: claim.id, operation: 'UPDATE', changedFields: ['status'] },
      { entity: 'property_relation', entityId: data.reviewVerification?.verification?.propertyRelationId ?? '', operation: 'UPDATE', changedFields: [] },
    ],
    isDangerous: status === 'REJECTED',
  }

  function basisOf({ version, status: before, customer: claimant, appUserName }: HouseClaimFragment) {
    const named = claimant?.name ?? customer?.name ?? appUserName ?? claim.id
    const after = titleOf('VerificationStatus', status)
    return { version, effects: [{ title: `${named} · ${titleOf('Tenure', claim.tenure)}`, before: titleOf('VerificationStatus', before), after }] }
  }

  return (
    <ChangeDialog
      proposal={proposal} fields={FIELDS} isReady={status !== claim.status && (!needsCustomer || customer !== undefined)} onDone={onClose} onClose={onClose}
    >
      {(errors) => (
        <>
          <EnumField
            title={texts.decision} name="status" type="VerificationStatus" values={DECISIONS} value={status} errors={errors} onChange={setStatus}
          />
          {needsCustomer && <CustomerPicker chosen={customer} onChoose={setCustomer} />}
          <FieldErrors errors={errorsOf(errors, 'customerId')} />
          <Field title={texts.remark} name="remark" errors={errors}>
            <input value={remark} onChange={(event) => { setRemark(event.target.value) }} />
          </Field>
          <Confirmation title={texts.moveOutOther} errors={errorsOf(errors, 'moveOutOther')} isGiven={moveOutOther} onChange={setMoveOutOther} />
          <Confirmation title={texts.replaceTenure} errors={errorsOf(errors, 'replaceTenure')} isGiven={replaceTenure} onChange={setReplaceTenure} />
        </>
      )}
    </ChangeDialog>
  )
}

async function readAgain(id: string): Promise<HouseClaimFragment> {
  return existing((await dataOf(ClaimAgainDocument, { id })).verification)
}
