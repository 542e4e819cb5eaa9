/** The kinds of records whose history is shown. A new kind is a row here, and its documents beside it. */
import {
  type Capability, CustomerHistoryDocument, type HistoryPageFragment, OrgHistoryDocument, PropertyRelationHistoryDocument,
  RestoreCustomerDocument, RestoreOrgDocument, RestorePropertyRelationDocument, RestoreSpaceDocument, SpaceHistoryDocument,
  type SpaceHistoryQueryVariables, type RestoreSpaceMutation, type RestoreSpaceMutationVariables, type TypedDocumentString,
} from '../../generated/graphql'
import type { fieldTexts } from '../../generated/fields'

export interface HistoryAnswer {
  changes: HistoryPageFragment | null
  /** Null when it is deleted, or not visible. */
  record: { version: number } | null
}

interface KindOfRecord {
  type: keyof typeof fieldTexts
  history: TypedDocumentString<HistoryAnswer, SpaceHistoryQueryVariables>
  restore: TypedDocumentString<RestoreSpaceMutation, RestoreSpaceMutationVariables>
  /** What its restoration needs. */
  capability: Capability
  /** The fields that a restoration of a changed record sets; all others follow from them, or stay. */
  restored: readonly string[]
}

const KINDS = {
  space: {
    type: 'Space', history: SpaceHistoryDocument, restore: RestoreSpaceDocument, capability: 'SPACE_WRITE',
    restored: [
      'name', 'status', 'parentId', 'businessType', 'area', 'feeArea', 'orgId', 'fourgridId', 'fourgridParentId',
      'fourgridCommunityId',
    ],
  },
  org: {
    type: 'Org', history: OrgHistoryDocument, restore: RestoreOrgDocument, capability: 'ORG_WRITE',
    restored: ['name', 'status', 'parentId', 'administrativeSubType', 'businessSubType', 'fourgridId', 'fourgridParentId'],
  },
  customer: {
    type: 'Customer', history: CustomerHistoryDocument, restore: RestoreCustomerDocument, capability: 'CUSTOMER_WRITE',
    restored: ['type', 'name', 'phone', 'identityType', 'identity', 'sex', 'facePicture', 'level', 'fourgridId'],
  },
  property_relation: {
    type: 'PropertyRelation', history: PropertyRelationHistoryDocument, restore: RestorePropertyRelationDocument,
    capability: 'PROPERTY_WRITE', restored: ['type', 'spaceId', 'customerId', 'tenure', 'isMain', 'housingStatus'],
  },
} as const satisfies Record<string, KindOfRecord>

/** As the entries of changes name it. */
export type Kind = keyof typeof KINDS

export function kindOf(kind: Kind): KindOfRecord {
  return KINDS[kind]
}
