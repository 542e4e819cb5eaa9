/** The nodes of both trees, as the program answers them. */
import { dataOf } from '../../documents'
import { type OrgNodeFragment, OrgNodesDocument, type SpaceNodeFragment, SpaceNodesDocument } from '../../generated/graphql'
import type { Tree } from '../place'

export type TreeNode = SpaceNodeFragment | OrgNodeFragment

/** The nodes of a page, and how many siblings there are on all pages. */
export interface NodePage {
  totalCount: number
  nodes: readonly TreeNode[]
}

/** The parent of the roots. */
export const ROOTS = ''

/** The most nodes that the program answers at once. */
export const PAGE = 100

const NONE: NodePage = { totalCount: 0, nodes: [] }

/** Return a page of the nodes below one, in the order of the tree. Roots are nodes whose parent the caller does not see. */
export async function askNodes(tree: Tree, parent: string, page: number): Promise<NodePage> {
  const filter = parent === ROOTS ? { not: { parent: { id: { isNull: false } } } } : { parentId: { eq: parent } }
  const variables = { filter, first: PAGE, offset: page * PAGE }
  return tree === 'space'
    ? (await dataOf(SpaceNodesDocument, variables)).spaces ?? NONE
    : (await dataOf(OrgNodesDocument, variables)).orgs ?? NONE
}
