/** The documents of each list, with their variables. */
import {
  OrgsBelowCountDocument, OrgsBelowDocument, OrgsBelowFileDocument, type OrgRowFragment, SpacesBelowCountDocument, SpacesBelowDocument,
  SpacesBelowFileDocument, type SpaceRowFragment, type TypedDocumentString,
} from '../../generated/graphql'
import type { RegisterRecord } from '../record/records'
import { type Conditions, filterOf, type Listed, type Order, orderOf } from './conditions'

/** The rows of a page. */
export const PAGE = 100

export type BelowRow = SpaceRowFragment | OrgRowFragment

export interface BelowPage {
  nodes: BelowRow[]
  pageInfo: { endCursor: string | null; hasNextPage: boolean }
}

/** The answer has the list under its name. */
export type Answer<T> = Partial<Record<Listed, T | null>>

interface Filtered {
  filter: object
}

interface Ordered extends Filtered {
  orderBy: object[]
}

interface Paged extends Ordered {
  first: number
  after?: string | null
}

interface ListDocuments {
  page: TypedDocumentString<Answer<BelowPage>, Paged>
  count: TypedDocumentString<Answer<{ totalCount: number }>, Filtered>
  /** Read as a file, which has all rows. */
  file: TypedDocumentString<unknown, Ordered>
}

export const LIST_DOCUMENTS = {
  spaces: { page: SpacesBelowDocument, count: SpacesBelowCountDocument, file: SpacesBelowFileDocument },
  orgs: { page: OrgsBelowDocument, count: OrgsBelowCountDocument, file: OrgsBelowFileDocument },
} as unknown as Record<Listed, ListDocuments> // what both lists have in common

export function variablesOf(listed: Listed, record: RegisterRecord, conditions: Conditions, order: Order | null): Ordered {
  return { filter: filterOf(listed, record, conditions), orderBy: orderOf(listed, order) }
}
