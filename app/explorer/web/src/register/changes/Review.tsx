import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ClaimsOnHouseDocument, type HouseClaimFragment } from '../../generated/graphql'
import { queryOf } from '../queries'
import { titleOf } from '../titles'
import { anyOf } from '../touches'
import type { ActionProps } from './actions'
import { Chooser } from './Chooser'
import { Decision } from './Decision'
import { texts } from './residentTexts'

/** Chooses a claim on a house, and decides on it. */
export default function Review({ record, onClose }: ActionProps) {
  const { data, error, refetch } = useQuery(queryOf(ClaimsOnHouseDocument, { id: record.id }, anyOf('verification', 'customer')))
  const [claim, setClaim] = useState<HouseClaimFragment>()
  const claims = data?.space?.verifications
  const title = texts.reviewOf(record.name)
  if (claim !== undefined) return <Decision title={title} claim={claim} onClose={onClose} />
  return (
    <Chooser
      title={title} label={texts.claims} none={texts.noClaims} error={error} onRetry={() => { void refetch() }}
      choices={claims?.map((each) => (
        { id: each.id, title: claimantOf(each), note: `${titleOf('Tenure', each.tenure)} · ${titleOf('VerificationStatus', each.status)}` }
      ))}
      onChoose={(id) => { setClaim(claims?.find((each) => each.id === id)) }} onClose={onClose}
    />
  )
}

function claimantOf({ id, customer, appUserName }: HouseClaimFragment): string {
  return customer?.name ?? appUserName ?? id
}
