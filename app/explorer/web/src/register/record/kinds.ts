/** What a record is, in words. */
import { titleOf } from '../titles'
import type { OrgRecord, RegisterRecord, SpaceRecord } from './records'

type Kind = Pick<SpaceRecord, '__typename' | 'type'> | Pick<OrgRecord, '__typename' | 'type'>

export function typeTitleOf(record: Kind | RegisterRecord): string {
  return record.__typename === 'Space' ? titleOf('SpaceType', record.type) : titleOf('OrgType', record.type)
}
