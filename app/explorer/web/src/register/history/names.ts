/** The names of the records that changes lead to. */
import { useQuery } from '@tanstack/react-query'
import { createContext } from 'react'
import { dataOf, idOf } from '../../documents'
import { NamesOfRecordsDocument } from '../../generated/graphql'
import type { Tree } from '../place'
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

/** Return the names of records; undefined until they are known, and those known before while more are asked for. */
export function useNames(references: Reference[]): NamesOfRecords | undefined {
  const idsOf = (wanted: Tree) => [...new Set(references.filter(({ tree }) => tree === wanted).map(({ id }) => id))].sort()
  const [spaces, orgs] = [idsOf('space'), idsOf('org')]
  const { data } = useQuery({
    queryKey: [idOf(NamesOfRecordsDocument), spaces, orgs],
    queryFn: () => namesOf(spaces, orgs),
    meta: { isTouched: anyOf('space', 'org') },
    enabled: references.length > 0,
    placeholderData: (before) => before,
  })
  return references.length > 0 ? data : new Map()
}

async function namesOf(spaces: string[], orgs: string[]): Promise<NamesOfRecords> {
  const count = Math.ceil(Math.max(spaces.length, orgs.length) / MOST)
  const parts = Array.from({ length: count }, (_, index) => {
    const part = (ids: string[]) => ids.slice(index * MOST, (index + 1) * MOST)
    return dataOf(NamesOfRecordsDocument, { spaces: part(spaces), orgs: part(orgs) })
  })
  return new Map((await Promise.all(parts)).flatMap((data) => [
    ...(data.spaces?.nodes ?? []).map(({ id, name }) => [keyOf({ tree: 'space', id }), name] as const),
    ...(data.orgs?.nodes ?? []).map(({ id, name }) => [keyOf({ tree: 'org', id }), name] as const),
  ]))
}
