import { useState } from 'react'
import { CreateSpaceDocument, type CreateSpaceMutation, type SpaceType } from '../../generated/graphql'
import type { RegisterRecord } from '../record/records'
import { texts as recordTexts } from '../record/texts'
import { titleOf } from '../titles'
import type { ActionProps } from './actions'
import { ChangeDialog } from './ChangeDialog'
import { EnumField } from './EnumField'
import { Field } from './Field'
import { moveOf } from './nodes'
import { texts } from './nodeTexts'
import { showRecord } from './showRecord'

const FIELDS = ['name', 'type', 'area']

/** Creates a space below another one. */
export default function CreateSpace({ record, onClose }: ActionProps) {
  const types = childTypesOf(record)
  const [name, setName] = useState('')
  const [type, setType] = useState<SpaceType>(types[0] ?? 'HOUSE')
  const [area, setArea] = useState('')
  const input = { parentId: record.id, name: name.trim(), type, ...(area !== '' && { area }) }
  const proposal = {
    title: texts.createOf(record.name),
    action: texts.create,
    document: CreateSpaceDocument,
    variables: () => ({ input }),
    basis: { version: 0, effects: effects() },
    changesIn: (data: CreateSpaceMutation) => [moveOf('space', idIn(data), null, record.id, 'INSERT')],
  }

  function effects() {
    return [
      { title: recordTexts.fullName, before: '', after: `${record.fullName}/${input.name}` },
      { title: recordTexts.type, before: '', after: titleOf('SpaceType', type) },
      ...(area === '' ? [] : [{ title: recordTexts.area, before: '', after: area }]),
    ]
  }

  function show(data: CreateSpaceMutation) {
    onClose()
    showRecord('space', idIn(data))
  }

  return (
    <ChangeDialog proposal={proposal} fields={FIELDS} isReady={input.name !== ''} onDone={show} onClose={onClose}>
      {(errors) => (
        <>
          <Field title={texts.name} name="name" errors={errors}>
            <input data-first="" value={name} onChange={(event) => { setName(event.target.value) }} />
          </Field>
          <EnumField title={recordTexts.type} name="type" type="SpaceType" values={types} value={type} errors={errors} onChange={setType} />
          <Field title={recordTexts.area} name="area" errors={errors}>
            <input type="number" step="0.01" value={area} onChange={(event) => { setArea(event.target.value) }} />
          </Field>
        </>
      )}
    </ChangeDialog>
  )
}

/** The types that fit, the nearest level first; the usual one is not another community. */
function childTypesOf(record: RegisterRecord): SpaceType[] {
  const types = record.__typename === 'Space' ? record.childTypes : []
  return [...types.filter((type) => type !== 'COMMUNITY'), ...types.filter((type) => type === 'COMMUNITY')]
}

function idIn({ createSpace }: CreateSpaceMutation): string {
  return createSpace?.space?.id ?? ''
}
