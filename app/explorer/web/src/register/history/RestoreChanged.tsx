import { useState } from 'react'
import { ChangeDialog } from '../changes/ChangeDialog'
import type { Basis, Effect } from '../changes/effects'
import { texts as common } from '../texts'
import type { Difference } from '../touches'
import type { RecordedChange } from './entries'
import { titleOfField } from './fields'
import { type Kind, kindOf } from './kinds'
import { texts } from './texts'
import { undoing } from './undoing'
import { useHistory, type HistoryOfRecord } from './useHistory'
import { useNamesIn } from './useNamesIn'
import { textOfValue } from './Value'

interface Props {
  kind: Kind
  id: string
  undone: RecordedChange
  onClose: () => void
}

/** A version of a record, and how its fields differ from those of the state it goes back to. */
interface States {
  version: number
  differences: Difference[]
}

/** Asks whether a changed record is to go back, naming each field: now, and then. */
export function RestoreChanged({ kind, id, undone, onClose }: Props) {
  const { data, refetch } = useHistory(kind, id)
  const names = useNamesIn(kind, data?.changes)
  const [seen] = useState(() => statesIn(data))

  function statesIn(history: HistoryOfRecord | undefined): States {
    const change = history?.changes.find((each) => each.id === undone.id)
    if (history?.version == null || change === undefined) throw new Error(common.none)
    return { version: history.version, differences: undoing(history.changes, change, kindOf(kind).restored) }
  }

  /** The names of records may become known while the dialog is open. */
  function basisOf({ version, differences }: States): Basis {
    return { version, effects: differences.map(effectOf) }
  }

  function effectOf({ field, before, after }: Difference): Effect {
    return {
      title: titleOfField(kind, field),
      before: textOfValue(kind, field, before, names),
      after: textOfValue(kind, field, after, names),
    }
  }

  const proposal = {
    title: texts.restoreTitle,
    action: texts.restoreButton,
    document: kindOf(kind).restore,
    variables: (version: number) => ({ changeId: undone.id, expectedVersion: version }),
    basis: basisOf(seen),
    reread: async () => basisOf(statesIn((await refetch({ throwOnError: true })).data)),
    changesIn: () => [{ entity: kind, entityId: id, operation: 'UPDATE', changedFields: [...kindOf(kind).restored] }],
  }
  return (
    <ChangeDialog proposal={proposal} onDone={onClose} onClose={onClose}>
      {() => <p>{texts.undoesLater}</p>}
    </ChangeDialog>
  )
}
