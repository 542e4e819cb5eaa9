import { useState } from 'react'
import { enumTexts } from '../../generated/enums'
import { type AdministrativeOrgSubType, type BusinessOrgSubType, CreateOrgDocument, type CreateOrgMutation } from '../../generated/graphql'
import { texts as recordTexts } from '../record/texts'
import { titleOf } from '../titles'
import type { ActionProps } from './actions'
import { ChangeDialog } from './ChangeDialog'
import { Field } from './Field'
import { moveOf } from './nodes'
import { texts } from './nodeTexts'
import { showRecord } from './showRecord'

type SubType = BusinessOrgSubType | AdministrativeOrgSubType

/** Creates an organisation below another one; it has the type of that one. */
export default function CreateOrg({ record, onClose }: ActionProps) {
  const isBusiness = record.type === 'BUSINESS'
  const field = isBusiness ? 'businessSubType' : 'administrativeSubType'
  const enumeration = isBusiness ? 'BusinessOrgSubType' : 'AdministrativeOrgSubType'
  const [name, setName] = useState('')
  const [subType, setSubType] = useState<SubType>(isBusiness ? 'PROJECT' : 'INTERNAL')
  const wanted = name.trim()
  const subTypeTitle = titleOf(enumeration, subType as never)
  const proposal = {
    title: texts.createOf(record.name),
    action: texts.create,
    document: CreateOrgDocument,
    variables: () => ({ input: { parentId: record.id, name: wanted, [field]: subType } }),
    basis: {
      version: 0,
      effects: [
        { title: recordTexts.fullName, before: '', after: `${record.fullName}/${wanted}` },
        { title: texts.subType, before: '', after: subTypeTitle },
      ],
    },
    changesIn: (data: CreateOrgMutation) => [moveOf('org', idIn(data), null, record.id, 'INSERT')],
  }

  function show(data: CreateOrgMutation) {
    onClose()
    showRecord('org', idIn(data))
  }

  return (
    <ChangeDialog proposal={proposal} fields={['name', field]} isReady={wanted !== ''} onDone={show} onClose={onClose}>
      {(errors) => (
        <>
          <Field title={texts.name} name="name" errors={errors}>
            <input data-first="" value={name} onChange={(event) => { setName(event.target.value) }} />
          </Field>
          <Field title={texts.subType} name={field} errors={errors}>
            <select value={subType} onChange={(event) => { setSubType(event.target.value as SubType) }}>
              {Object.keys(enumTexts[enumeration]).map((each) => <option key={each} value={each}>{titleOf(enumeration, each as never)}</option>)}
            </select>
          </Field>
        </>
      )}
    </ChangeDialog>
  )
}

function idIn({ createOrg }: CreateOrgMutation): string {
  return createOrg?.org?.id ?? ''
}
