import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { dataOf } from '../../documents'
import {
  ChangeHousingStatusDocument, type HouseRelationFragment, type HousingStatus, RelationAgainDocument, RelationsOfHouseDocument,
} from '../../generated/graphql'
import { existing } from '../existing'
import { queryOf } from '../queries'
import { titleOf } from '../titles'
import { anyOf } from '../touches'
import type { ActionProps } from './actions'
import { ChangeDialog } from './ChangeDialog'
import { Chooser } from './Chooser'
import { EnumField } from './EnumField'
import { texts } from './residentTexts'

/** Chooses a relation of a house, and says whether its customer lives there. */
export default function Housing({ record, onClose }: ActionProps) {
  const { data, error, refetch } = useQuery(queryOf(RelationsOfHouseDocument, { id: record.id }, anyOf('property_relation', 'customer')))
  const [relation, setRelation] = useState<HouseRelationFragment>()
  const relations = data?.space?.propertyRelations
  const title = texts.housingOf(record.name)
  if (relation !== undefined) return <HousingOf title={title} relation={relation} onClose={onClose} />
  return (
    <Chooser
      title={title} label={texts.relations} none={texts.noRelations} error={error} onRetry={() => { void refetch() }}
      choices={relations?.map(({ id, customer, tenure, housingStatus }) => (
        { id, title: customer?.name ?? id, note: `${titleOf('Tenure', tenure)} · ${titleOf('HousingStatus', housingStatus)}` }
      ))}
      onChoose={(id) => { setRelation(relations?.find((each) => each.id === id)) }} onClose={onClose}
    />
  )
}

/** Says whether the customer of a relation lives there. */
function HousingOf({ title, relation, onClose }: { title: string; relation: HouseRelationFragment; onClose: () => void }) {
  const [housingStatus, setHousingStatus] = useState<HousingStatus>(relation.housingStatus)
  const proposal = {
    title,
    action: texts.set,
    document: ChangeHousingStatusDocument,
    variables: (expectedVersion: number) => ({ input: { id: relation.id, expectedVersion, housingStatus } }),
    basis: basisOf(relation),
    reread: () => readAgain(relation.id).then(basisOf),
    changesIn: () => [{ entity: 'property_relation', entityId: relation.id, operation: 'UPDATE', changedFields: ['housingStatus'] }],
  }

  function basisOf({ version, customer, housingStatus: before }: HouseRelationFragment) {
    const effect = { title: customer?.name ?? relation.id, before: titleOf('HousingStatus', before), after: titleOf('HousingStatus', housingStatus) }
    return { version, effects: before === housingStatus ? [] : [effect] }
  }

  return (
    <ChangeDialog proposal={proposal} fields={['housingStatus']} isReady={housingStatus !== relation.housingStatus} onDone={onClose} onClose={onClose}>
      {(errors) => (
        <EnumField
          title={texts.housingStatus} name="housingStatus" type="HousingStatus" value={housingStatus} errors={errors} onChange={setHousingStatus}
        />
      )}
    </ChangeDialog>
  )
}

async function readAgain(id: string): Promise<HouseRelationFragment> {
  return existing((await dataOf(RelationAgainDocument, { id })).propertyRelation)
}
