/** The records whose names contain a text, by pinyin. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import {
  OrgsByNameDocument, type OrgsByNameQuery, SpacesByNameDocument, type SpacesByNameQuery, type SpacesByNameQueryVariables,
  type TypedDocumentString,
} from '../../generated/graphql'
import type { Tree } from '../place'
import { queryOf } from '../queries'
import { anyOf } from '../touches'

type Answer = SpacesByNameQuery | OrgsByNameQuery

export const SEARCH_DOCUMENTS: Record<Tree, TypedDocumentString<Answer, SpacesByNameQueryVariables>> = {
  space: SpacesByNameDocument,
  org: OrgsByNameDocument,
}

const SHOWN = 50

export function variablesOf(name: string): SpacesByNameQueryVariables {
  return { name, first: SHOWN }
}

/** Return the query of the first results; it asks nothing without a text. */
export function useResults(tree: Tree, name: string) {
  return useQuery({
    ...queryOf(SEARCH_DOCUMENTS[tree], variablesOf(name), anyOf(tree)),
    enabled: name !== '',
    placeholderData: keepPreviousData,
    select: (answer) => 'spaces' in answer ? answer.spaces : answer.orgs,
  })
}
