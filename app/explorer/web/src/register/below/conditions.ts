/** What of the records below one is listed, and in which order. */
import type { OrgFilter, OrgOrder, OrgType, SpaceFilter, SpaceOrder, SpaceType, Status } from '../../generated/graphql'
import type { RegisterRecord } from '../record/records'

/** Which records are listed: organisations and spaces belong to an organisation, and spaces to a space. */
export type Listed = 'orgs' | 'spaces'

/** Empty members are no conditions. */
export interface Conditions {
  name: string
  type: SpaceType | OrgType | ''
  status: Status | ''
}

export const NO_CONDITIONS: Conditions = { name: '', type: '', status: '' }

/** The order of one column; null is the order of the tree. */
export interface Order {
  column: Column
  isDescending: boolean
}

export type Column = 'name' | 'type' | 'status' | 'area' | 'fullName' | 'updatedAt'

type Field = SpaceOrder['field'] & OrgOrder['field']

const FIELDS: Record<Exclude<Column, 'area'>, Field> & { area: 'AREA' } = {
  name: 'NAME_ZH_PINYIN',
  type: 'TYPE',
  status: 'STATUS',
  area: 'AREA',
  fullName: 'FULL_NAME',
  updatedAt: 'UPDATED_AT',
}

/** Return the lists that a record has below it. */
export function listsOf(record: RegisterRecord): [Listed, ...Listed[]] {
  return record.__typename === 'Space' ? ['spaces'] : ['orgs', 'spaces']
}

/** Return the filter of a list. */
export function filterOf(listed: Listed, record: RegisterRecord, { name, type, status }: Conditions): object {
  return {
    ...belowOf(listed, record),
    ...(name !== '' && { name: { contains: name } }),
    ...(type !== '' && { type: { eq: type } }),
    ...(status !== '' && { status: { eq: status } }),
  }
}

/** Everything below a record, without itself. */
function belowOf(listed: Listed, { __typename, id }: RegisterRecord): SpaceFilter | OrgFilter {
  return listed === 'spaces' && __typename === 'Org' ? { org: { under: id } } : { under: id, id: { ne: id } }
}

/** Return the order of a list; organisations have no area. */
export function orderOf(listed: Listed, order: Order | null): object[] {
  const isPossible = order !== null && (listed === 'spaces' || order.column !== 'area')
  return isPossible
    ? [{ field: FIELDS[order.column], direction: order.isDescending ? 'DESC' : 'ASC' }]
    : [{ field: 'CODE', direction: 'ASC' }]
}
