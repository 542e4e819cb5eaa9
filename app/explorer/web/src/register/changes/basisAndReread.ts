import { dataOf } from '../../documents'
import { existing } from '../existing'
import { RECORD_DOCUMENTS, recordIn, type RegisterRecord } from '../record/records'
import type { Basis, Effect } from './effects'
import { treeOf } from './nodes'

/** What a change does to a record, and what it does to the version of the record that there is when it is refused. */
export function basisAndReread(record: RegisterRecord, effectsOf: (record: RegisterRecord) => Effect[]): { basis: Basis; reread: () => Promise<Basis> } {
  const basisOf = (each: RegisterRecord) => ({ version: each.version, effects: effectsOf(each) })
  return { basis: basisOf(record), reread: () => readAgain(record).then(basisOf) }
}

async function readAgain(record: RegisterRecord): Promise<RegisterRecord> {
  return existing(recordIn(await dataOf(RECORD_DOCUMENTS[treeOf(record)], { id: record.id })))
}
