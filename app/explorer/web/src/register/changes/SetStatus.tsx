import type { RegisterRecord } from '../record/records'
import { texts as recordTexts } from '../record/texts'
import { titleOf } from '../titles'
import type { ActionProps } from './actions'
import { basisAndReread } from './basisAndReread'
import { ChangeDialog } from './ChangeDialog'
import { SET_STATUS } from './nodeDocuments'
import { treeOf, updateOf } from './nodes'
import { texts } from './nodeTexts'

/** Declares a record valid or invalid; those below keep their own status. */
export default function SetStatus({ record, onClose }: ActionProps) {
  const isEnabled = record.status === 'ENABLED'
  const status = isEnabled ? 'DISABLED' as const : 'ENABLED' as const
  const effectsOf = ({ status: before }: RegisterRecord) =>
    [{ title: recordTexts.status, before: titleOf('Status', before), after: titleOf('Status', status) }]
  const proposal = {
    title: isEnabled ? texts.disableOf(record.name) : texts.enableOf(record.name),
    action: isEnabled ? texts.disable : texts.enable,
    document: SET_STATUS[treeOf(record)],
    variables: (version: number) => ({ input: { id: record.id, expectedVersion: version, status } }),
    ...basisAndReread(record, effectsOf),
    changesIn: () => [updateOf(record, ['status'])],
    isDangerous: isEnabled,
  }
  return <ChangeDialog proposal={proposal} onDone={onClose} onClose={onClose} />
}
