/** What may be done with a record. A new action is a row here and a dialog beside it. */
import { type ComponentType, lazy } from 'react'
import type { Capability } from '../../generated/graphql'
import type { RegisterRecord } from '../record/records'
import { texts as houseTexts } from './houseTexts'
import { treeOf } from './nodes'
import { texts } from './nodeTexts'
import { texts as residentTexts } from './residentTexts'

export interface ActionProps {
  /** As it was when the dialog was opened. */
  record: RegisterRecord
  onClose: () => void
}

export interface Action {
  name: string
  titleOf: (record: RegisterRecord) => string
  isFor?: (record: RegisterRecord) => boolean
  /** What the caller must be able to do at the record. */
  needs: (record: RegisterRecord) => Capability
  Dialog: ComponentType<ActionProps>
}

const ofTree = (record: RegisterRecord): Capability => treeOf(record) === 'space' ? 'SPACE_WRITE' : 'ORG_WRITE'

const isProperty = ({ type }: RegisterRecord) => type === 'HOUSE' || type === 'PARK_SPACE'

export const ACTIONS: Action[] = [
  { name: 'rename', titleOf: () => texts.rename, needs: ofTree, Dialog: lazy(() => import('./Rename')) },
  {
    name: 'set-status', titleOf: ({ status }) => status === 'ENABLED' ? texts.disable : texts.enable, needs: ofTree,
    Dialog: lazy(() => import('./SetStatus')),
  },
  {
    name: 'move', titleOf: () => texts.move, isFor: ({ parentId, type }) => parentId !== null || type === 'COMMUNITY', needs: ofTree,
    Dialog: lazy(() => import('./Move')),
  },
  {
    name: 'create-space', titleOf: () => texts.createSpace, needs: () => 'SPACE_WRITE',
    isFor: (record) => record.__typename === 'Space' && record.childTypes.length > 0, Dialog: lazy(() => import('./CreateSpace')),
  },
  {
    name: 'add-houses', titleOf: () => houseTexts.add, needs: () => 'SPACE_WRITE',
    isFor: (record) => record.__typename === 'Space' && record.childTypes.includes('FLOOR'), Dialog: lazy(() => import('./AddHouses')),
  },
  {
    name: 'create-org', titleOf: () => texts.createOrg, needs: () => 'ORG_WRITE', isFor: (record) => treeOf(record) === 'org',
    Dialog: lazy(() => import('./CreateOrg')),
  },
  {
    name: 'relate', titleOf: () => residentTexts.relate, isFor: isProperty, needs: () => 'PROPERTY_WRITE',
    Dialog: lazy(() => import('./Relate')),
  },
  {
    name: 'housing', titleOf: () => residentTexts.housingStatus, isFor: isProperty, needs: () => 'PROPERTY_WRITE',
    Dialog: lazy(() => import('./Housing')),
  },
  {
    name: 'review', titleOf: () => residentTexts.review, isFor: isProperty, needs: () => 'VERIFICATION_REVIEW',
    Dialog: lazy(() => import('./Review')),
  },
  { name: 'delete', titleOf: () => texts.remove, needs: ofTree, Dialog: lazy(() => import('./Delete')) },
]
