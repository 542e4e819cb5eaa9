/** The mutations of the nodes of each tree. */
import {
  DeleteOrgDocument, type DeleteOrgMutationVariables, DeleteSpaceDocument, type DeleteSpaceMutationVariables,
  MoveOrgDocument, MoveSpaceDocument, type MoveSpaceMutationVariables,
  RenameOrgDocument, type RenameOrgMutationVariables, RenameSpaceDocument, type RenameSpaceMutationVariables,
  SetOrgStatusDocument, type SetOrgStatusMutationVariables, SetSpaceStatusDocument, type SetSpaceStatusMutationVariables,
  type TypedDocumentString,
} from '../../generated/graphql'
import type { Tree } from '../place'

type Documents<V> = Record<Tree, TypedDocumentString<object, V>>

export const RENAME: Documents<RenameSpaceMutationVariables & RenameOrgMutationVariables> = {
  space: RenameSpaceDocument, org: RenameOrgDocument,
}

export const SET_STATUS: Documents<SetSpaceStatusMutationVariables & SetOrgStatusMutationVariables> = {
  space: SetSpaceStatusDocument, org: SetOrgStatusDocument,
}

/** Only spaces move to the top; the dialog offers it for nothing else. */
export const MOVE: Documents<MoveSpaceMutationVariables> = {
  space: MoveSpaceDocument, org: MoveOrgDocument as TypedDocumentString<object, MoveSpaceMutationVariables>,
}

export const DELETE: Documents<DeleteSpaceMutationVariables & DeleteOrgMutationVariables> = {
  space: DeleteSpaceDocument, org: DeleteOrgDocument,
}
