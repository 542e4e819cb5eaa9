import type { RecordedChange } from './entries'
import { treeOfField } from './fields'
import type { Kind } from './kinds'
import { type NamesOfRecords, useNames } from './names'

const NO_CHANGES: RecordedChange[] = []
const NO_NAMES: NamesOfRecords = new Map()

/** Return the names of the records that changes lead to, as far as they are known. */
export function useNamesIn(kind: Kind, changes = NO_CHANGES): NamesOfRecords {
  const references = changes.flatMap(({ differences }) => differences).flatMap(({ field, before, after }) => {
    const tree = treeOfField(kind, field)
    return tree === null ? [] : [before, after].filter((id) => id !== null).map((id) => ({ tree, id }))
  })
  return useNames(references) ?? NO_NAMES
}
