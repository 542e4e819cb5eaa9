import { useQuery } from '@tanstack/react-query'
import { ChangeDialog } from '../changes/ChangeDialog'
import { Dialog } from '../changes/Dialog'
import { DeletedTogetherDocument } from '../../generated/graphql'
import { queryOf } from '../queries'
import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import { effectsOfReturn } from './deletedTogether'
import type { RecordedChange } from './entries'
import { type Kind, kindOf } from './kinds'
import { texts } from './texts'
import { valueBefore } from './valueBefore'

interface Props {
  kind: Kind
  undone: RecordedChange
  onClose: () => void
}

/** Asks whether a deleted record is to come back, saying how much comes back with it. */
export function RestoreDeleted({ kind, undone, onClose }: Props) {
  const { time, transactionId, entityId } = undone
  const { data, error, refetch } = useQuery(queryOf(DeletedTogetherDocument, { time, transactionId }, () => false))
  const title = texts.restoreDeletedTitle(valueBefore(undone, 'name') ?? entityId)
  if (data === undefined) {
    return (
      <Dialog title={title} onClose={onClose}>
        {error === null ? <p className="loading">{common.loading}</p> : <Trouble error={error} onRetry={() => { void refetch() }} />}
        <footer><button type="button" data-first="" onClick={onClose}>{common.close}</button></footer>
      </Dialog>
    )
  }
  const { effects, isOfMore } = effectsOfReturn(undone, data)
  const parentId = valueBefore(undone, 'parentId')
  const proposal = {
    title,
    action: texts.restoreButton,
    document: kindOf(kind).restore,
    variables: () => ({ changeId: undone.id }),
    basis: { version: 0, effects },
    changesIn: () => [{
      entity: kind, entityId, operation: 'INSERT', changedFields: [],
      differences: [{ field: 'parentId', before: null, after: parentId }],
    }],
  }
  return (
    <ChangeDialog proposal={proposal} onDone={onClose} onClose={onClose}>
      {() => <p>{texts.whole} {isOfMore && texts.wholeTransaction}</p>}
    </ChangeDialog>
  )
}
