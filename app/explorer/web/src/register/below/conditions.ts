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

export function spaceFilterOf(record: RegisterRecord, { name, type, status }: Conditions): SpaceFilter {
  const below: SpaceFilter = record.__typename === 'Space'
    ? { under: record.id, id: { ne: record.id } }
    : { org: { under: record.id } }
  return {
    ...below,
    ...(name !== '' && { name: { contains: name } }),
    ...(type !== '' && { type: { eq: type as SpaceType } }),
    ...(status !== '' && { status: { eq: status } }),
  }
}

export function orgFilterOf(record: RegisterRecord, { name, type, status }: Conditions): OrgFilter {
  return {
    under: record.id,
    id: { ne: record.id },
    ...(name !== '' && { name: { contains: name } }),
    ...(type !== '' && { type: { eq: type as OrgType } }),
    ...(status !== '' && { status: { eq: status } }),
  }
}

export function spaceOrderOf(order: Order | null): SpaceOrder[] {
  return order === null
    ? [{ field: 'CODE', direction: 'ASC' }]
    : [{ field: FIELDS[order.column], direction: order.isDescending ? 'DESC' : 'ASC' }]
}

/** Organisations have no area. */
export function orgOrderOf(order: Order | null): OrgOrder[] {
  return order === null || order.column === 'area'
    ? [{ field: 'CODE', direction: 'ASC' }]
    : [{ field: FIELDS[order.column], direction: order.isDescending ? 'DESC' : 'ASC' }]
}
