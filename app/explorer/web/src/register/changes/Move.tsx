import { useState } from 'react'
import { type RegisterRecord, useRecord } from '../record/records'
import { texts as recordTexts } from '../record/texts'
import type { ActionProps } from './actions'
import { basisAndReread } from './basisAndReread'
import { ChangeDialog } from './ChangeDialog'
import { errorsOf } from './errors'
import { FieldErrors } from './FieldErrors'
import { MOVE } from './nodeDocuments'
import { moveOf, treeOf } from './nodes'
import { texts } from './nodeTexts'
import { ParentPicker } from './ParentPicker'

/** Moves a record with all below it to another parent. */
export default function Move({ record: given, parent: dropped = '', onClose }: ActionProps & { parent?: string }) {
  const [record] = useState(given)
  const [chosen, setChosen] = useState<string | null>(dropped)
  const tree = treeOf(record)
  const { data } = useRecord(tree, chosen === '' || chosen === null ? record.id : chosen)
  const parent = chosen === '' || data?.id !== chosen ? null : data
  const isTop = chosen === null
  const effectsOf = ({ ancestors, fullName, name }: RegisterRecord) => parent === null && !isTop ? [] : [
    { title: texts.parent, before: ancestors.map((each) => each.name).join('/'), after: parent?.fullName ?? '' },
    { title: recordTexts.fullName, before: fullName, after: parent === null ? name : `${parent.fullName}/${name}` },
  ]
  const proposal = {
    title: texts.moveOf(record.name),
    action: texts.move,
    document: MOVE[tree],
    variables: (version: number) => ({ input: { id: record.id, expectedVersion: version, parentId: chosen } }),
    ...basisAndReread(record, effectsOf),
    changesIn: () => [moveOf(tree, record.id, record.parentId, chosen)],
  }
  return (
    <ChangeDialog proposal={proposal} fields={['parentId']} isReady={parent !== null || isTop} onDone={onClose} onClose={onClose}>
      {(errors) => (
        <>
          <ParentPicker record={record} chosen={chosen} onChoose={setChosen} />
          <FieldErrors errors={errorsOf(errors, 'parentId')} />
          {tree === 'space' && record.summary.spaceCount > 1 && <p className="quiet">{texts.alongside(record.summary.spaceCount - 1)}</p>}
        </>
      )}
    </ChangeDialog>
  )
}
