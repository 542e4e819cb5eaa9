import { useState } from 'react'
import type { ActionProps } from './actions'
import { ChangeDialog } from './ChangeDialog'
import { Field } from './Field'
import { basisAndReread } from './basisAndReread'
import { RENAME } from './nodeDocuments'
import { treeOf, updateOf } from './nodes'
import { texts } from './nodeTexts'

/** Gives a record another name; the full names below follow. */
export default function Rename({ record, onClose }: ActionProps) {
  const [name, setName] = useState(record.name)
  const wanted = name.trim()
  const effectsOf = ({ name: before }: { name: string }) => before === wanted ? [] : [{ title: texts.name, before, after: wanted }]
  const proposal = {
    title: texts.renameOf(record.name),
    action: texts.rename,
    document: RENAME[treeOf(record)],
    variables: (version: number) => ({ input: { id: record.id, expectedVersion: version, name: wanted } }),
    ...basisAndReread(record, effectsOf),
    changesIn: () => [updateOf(record, ['name'])],
  }
  return (
    <ChangeDialog proposal={proposal} fields={['name']} isReady={wanted !== record.name} onDone={onClose} onClose={onClose}>
      {(errors) => (
        <Field title={texts.name} name="name" errors={errors}>
          <input data-first="" value={name} onChange={(event) => { setName(event.target.value) }} />
        </Field>
      )}
    </ChangeDialog>
  )
}
