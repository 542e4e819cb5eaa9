/** What the caller may do at a record: buttons stand only for that. */
import { keepPreviousData, type QueryClient, useQuery } from '@tanstack/react-query'
import { idOf } from '../../documents'
import { type Capability, RegisterRightsDocument } from '../../generated/graphql'
import { queryOf } from '../queries'
import type { RegisterRecord } from '../record/records'

export type May = (capability: Capability) => boolean

/**
 * Return what the caller may do in a business organisation. Null stands for records of none, which only the super
 * administrator changes. When the organisation of the record changes, the rights in the last one count until the answer.
 */
export function useRights(org: string | null): May {
  const { data } = useQuery({ ...rightsIn(org), placeholderData: keepPreviousData })
  const isSuper = data?.me?.anywhere.includes('SYSTEM_SUPER') === true
  return (capability) => isSuper || data?.me?.here?.includes(capability) === true
}

/** Return what the caller may do in some organisation. */
export function useRightsAnywhere(): May {
  const { data } = useQuery(rightsIn(null))
  return (capability) => data?.me?.anywhere.includes(capability) === true
}

/** Ask again what the caller may do, wherever it is shown. */
export function askRightsAgain(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ queryKey: [idOf(RegisterRightsDocument)] })
}

function rightsIn(org: string | null) {
  return queryOf(RegisterRightsDocument, { org, hasOrg: org !== null }, () => false)
}

/** Return the business organisation in which a capability is needed to change a record. */
export function rightsOrgOf(record: RegisterRecord): string | null {
  if (record.__typename === 'Space') return record.org?.id ?? null
  return record.type === 'BUSINESS' ? record.id : null
}
