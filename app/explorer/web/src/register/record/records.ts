/** The record that is chosen in a tree. */
import { useQuery } from '@tanstack/react-query'
import {
  OrgRecordDocument, type OrgRecordQuery, type OrgRecordQueryVariables, SpaceRecordDocument, type SpaceRecordQuery,
  type SpaceRecordQueryVariables, type TypedDocumentString,
} from '../../generated/graphql'
import type { Tree } from '../place'
import { queryOf } from '../queries'
import type { Change } from '../touches'

export type SpaceRecord = NonNullable<SpaceRecordQuery['space']>
export type OrgRecord = NonNullable<OrgRecordQuery['org']>
export type RegisterRecord = SpaceRecord | OrgRecord

type Answer = SpaceRecordQuery | OrgRecordQuery
type Variables = SpaceRecordQueryVariables & OrgRecordQueryVariables

const COUNTED = ['parentId', 'status', 'orgId']
const NAMING = ['name', 'parentId']

/** The document of a record of each tree. */
export const RECORD_DOCUMENTS: Record<Tree, TypedDocumentString<Answer, Variables>> = {
  space: SpaceRecordDocument,
  org: OrgRecordDocument,
}

/** Return the query of a record; its data are null when it does not exist, or is not visible. */
export function useRecord(tree: Tree, id: string) {
  const isTouched = (change: Change, data: unknown) => touchesRecord(tree, id, change, recordIn(data as Answer | undefined))
  return useQuery({ ...queryOf(RECORD_DOCUMENTS[tree], { id }, isTouched), select: recordIn })
}

export function recordIn(answer: Answer | undefined): RegisterRecord | null {
  if (answer === undefined) return null
  return 'space' in answer ? answer.space : answer.org
}

/** Its own changes; new names above it and of its organisation, which are shown; and what its totals count. */
function touchesRecord(tree: Tree, id: string, change: Change, record: RegisterRecord | null): boolean {
  const isOnPath = [id, ...record?.ancestors.map((above) => above.id) ?? []].includes(change.entityId)
  return (change.entity === tree && isOnPath) || changesTotals(change) || (tree === 'space' && renamesOrg(change))
}

/** Whether spaces come, go or are counted elsewhere: a record does not know what is below it. */
function changesTotals({ entity, operation, changedFields }: Change): boolean {
  return entity === 'space' && (operation !== 'UPDATE' || COUNTED.some((field) => changedFields.includes(field)))
}

/** Whether the full name of the organisation of a space may differ: the space does not know what is above that. */
function renamesOrg({ entity, changedFields }: Change): boolean {
  return entity === 'org' && NAMING.some((field) => changedFields.includes(field))
}
