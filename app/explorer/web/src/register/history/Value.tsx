import { use } from 'react'
import { PageLink } from '../../PageLink'
import { pathOf } from '../place'
import { treeOfField, wordsOf } from './fields'
import type { Kind } from './kinds'
import { keyOf, Names, type NamesOfRecords } from './names'

interface Props {
  kind: Kind
  field: string
  value: string | null
}

/** A value of a field; the id of a record of a tree as a link to it, also when it is deleted. */
export function Value({ kind, field, value }: Props) {
  const names = use(Names)
  const tree = treeOfField(kind, field)
  const words = textOfValue(kind, field, value, names)
  return tree === null || value === null ? words : <PageLink to={pathOf({ tree, record: value })}>{words}</PageLink>
}

export function textOfValue(kind: Kind, field: string, value: string | null, names: NamesOfRecords): string {
  const tree = treeOfField(kind, field)
  const name = tree === null || value === null ? undefined : names.get(keyOf({ tree, id: value }))
  const words = wordsOf(kind, field, value)
  return name === undefined ? words : `${name} (${words})`
}
