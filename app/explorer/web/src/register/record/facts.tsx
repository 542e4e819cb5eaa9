/** The fields of a record that the overview shows, in words. */
import type { ReactNode } from 'react'
import { PageLink } from '../../PageLink'
import { pathOf } from '../place'
import { titleOf } from '../titles'
import { typeTitleOf } from './kinds'
import type { OrgRecord, RegisterRecord, SpaceRecord } from './records'
import { texts } from './texts'
import { moment } from './times'

interface Fact {
  title: string
  value: ReactNode
}

/** Return the fields that have a value. */
export function factsOf(record: RegisterRecord): Fact[] {
  const facts: Fact[] = [
    { title: texts.fullName, value: record.fullName },
    { title: texts.type, value: typeTitleOf(record) },
    { title: texts.status, value: titleOf('Status', record.status) },
    ...(record.__typename === 'Space' ? factsOfSpace(record) : factsOfOrg(record)),
    { title: texts.code, value: record.code },
    { title: texts.id, value: record.id },
    { title: texts.source, value: record.source },
    { title: texts.externalId, value: record.externalId },
    { title: texts.version, value: record.version },
    { title: texts.created, value: [moment(record.createdAt), record.createdBy].filter(Boolean).join(' · ') },
    { title: texts.updated, value: [moment(record.updatedAt), record.updatedBy].filter(Boolean).join(' · ') },
  ]
  return facts.filter(({ value }) => value !== null && value !== '')
}

function factsOfSpace({ businessType, area, feeArea, community, org }: SpaceRecord): Fact[] {
  return [
    { title: texts.businessType, value: businessType === null ? null : titleOf('BusinessType', businessType) },
    { title: texts.area, value: area },
    { title: texts.feeArea, value: feeArea },
    { title: texts.community, value: community === null ? null : <PageLink to={pathOf({ tree: 'space', record: community.id })}>{community.name}</PageLink> },
    { title: texts.org, value: org === null ? null : <PageLink to={pathOf({ tree: 'org', record: org.id })}>{org.fullName}</PageLink> },
  ]
}

function factsOfOrg({ community }: OrgRecord): Fact[] {
  return [
    { title: texts.community, value: community === null ? null : <PageLink to={pathOf({ tree: 'space', record: community.id })}>{community.name}</PageLink> },
  ]
}
