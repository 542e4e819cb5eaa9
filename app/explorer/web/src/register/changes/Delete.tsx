import { useState } from 'react'
import { DeleteSpaceTreeDocument } from '../../generated/graphql'
import type { RegisterRecord } from '../record/records'
import type { ActionProps } from './actions'
import { basisAndReread } from './basisAndReread'
import { ChangeDialog } from './ChangeDialog'
import { DELETE } from './nodeDocuments'
import { moveOf, treeOf } from './nodes'
import { texts } from './nodeTexts'
import { showRecord } from './showRecord'

/** Deletes a record that nothing needs; a space also with everything below it. */
export default function Delete({ record, onClose }: ActionProps) {
  const [isWhole, setIsWhole] = useState(false)
  const tree = treeOf(record)
  const below = belowOf(record)
  const effectsOf = (each: RegisterRecord) => [
    { title: texts.record, before: each.fullName, after: '' },
    ...(isWhole ? [{ title: texts.everythingBelow, before: texts.spaces(belowOf(each)), after: '' }] : []),
  ]
  const proposal = {
    title: texts.removeOf(record.name),
    action: texts.remove,
    document: isWhole ? DeleteSpaceTreeDocument : DELETE[tree],
    variables: (version: number) => ({ input: { id: record.id, expectedVersion: version } }),
    ...basisAndReread(record, effectsOf),
    changesIn: () => [moveOf(tree, record.id, record.parentId, null, 'DELETE')],
    isDangerous: true,
  }

  function leave() {
    onClose()
    showRecord(tree, record.parentId ?? '')
  }

  return (
    <ChangeDialog proposal={proposal} onDone={leave} onClose={onClose}>
      {() => below > 0 && (
        <label className="check">
          <input type="checkbox" checked={isWhole} onChange={(event) => { setIsWhole(event.target.checked) }} /> {texts.everything(below)}
        </label>
      )}
    </ChangeDialog>
  )
}

/** The number of spaces that are deleted along. */
function belowOf(record: RegisterRecord): number {
  return treeOf(record) === 'space' ? record.summary.spaceCount - 1 : 0
}
