import { dataOf } from '../../documents'
import { RECORD_DOCUMENTS, recordIn, type RegisterRecord } from '../record/records'
import { texts as common } from '../texts'
import type { Basis, Effect } from './effects'
import { treeOf } from './nodes'

/** What a change does to a record, and what it does to the version of the record that there is when it is refused. */
export function bases(record: RegisterRecord, effectsOf: (record: RegisterRecord) => Effect[]): { basis: Basis; reread: () => Promise<Basis> } {
  const basisOf = (each: RegisterRecord) => ({ version: each.version, effects: effectsOf(each) })
  return { basis: basisOf(record), reread: () => readAgain(record).then(basisOf) }
}

async function readAgain(record: RegisterRecord): Promise<RegisterRecord> {
  const current = recordIn(await dataOf(RECORD_DOCUMENTS[treeOf(record)], { id: record.id }))
  if (current === null) throw new Error(common.none)
  return current
}
