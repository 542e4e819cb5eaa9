/** The names of the records that changes lead to. */
import { useQuery } from '@tanstack/react-query'
import { createContext } from 'react'
import { NamesOfRecordsDocument } from '../../generated/graphql'
import type { Tree } from '../place'
import { queryOf } from '../queries'
import { anyOf } from '../touches'

/** By the tree and the id of the record; those that are deleted or not visible are not there. */
export type NamesOfRecords = ReadonlyMap<string, string>

export interface Reference {
  tree: Tree
  id: string
}

/** The program answers so many records of each tree at once. */
const MOST = 100

export const Names = createContext<NamesOfRecords>(new Map())

export function keyOf({ tree, id }: Reference): string {
  return `${tree} ${id}`
}

/** Return the names of records; undefined until they are known. */
export function useNames(references: Reference[]): NamesOfRecords | undefined {
  const idsOf = (wanted: Tree) =>
    [...new Set(references.filter(({ tree }) => tree === wanted).map(({ id }) => id))].sort().slice(0, MOST)
  const variables = { spaces: idsOf('space'), orgs: idsOf('org') }
  const { data } = useQuery({
    ...queryOf(NamesOfRecordsDocument, variables, anyOf('space', 'org')),
    enabled: references.length > 0,
    placeholderData: (before) => before,
  })
  if (data === undefined) return references.length > 0 ? undefined : new Map()
  const named = (tree: Tree, nodes: { id: string; name: string }[] = []) =>
    nodes.map(({ id, name }) => [keyOf({ tree, id }), name] as const)
  return new Map([...named('space', data.spaces?.nodes), ...named('org', data.orgs?.nodes)])
}
