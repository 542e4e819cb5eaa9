/** The nodes of both trees, as the program answers them. */
import { dataOf } from '../../documents'
import {
  type OrgFilter, type OrgNodeFragment, OrgNodesDocument, type SpaceFilter, type SpaceNodeFragment, SpaceNodesDocument,
} from '../../generated/graphql'
import type { Tree } from '../place'

export type TreeNode = SpaceNodeFragment | OrgNodeFragment

/** The nodes of a page, and how many there are on all pages. */
export interface NodePage {
  totalCount: number
  nodes: readonly TreeNode[]
}

type NodeFilter = SpaceFilter & OrgFilter

/** The parent of the roots. */
export const ROOTS = ''

/** The most nodes that the program answers at once. */
export const PAGE = 100

const NONE: NodePage = { totalCount: 0, nodes: [] }

/** Nodes whose parent the caller does not see. */
const WITHOUT_PARENT = { not: { parent: { id: { isNull: false } } } }

/** The same of those who see whole communities, as members of staff do; it does not look for the parents of all spaces. */
const COMMUNITIES: SpaceFilter = { or: [{ parentId: { isNull: true } }, { type: { eq: 'COMMUNITY' }, ...WITHOUT_PARENT }] }

/** Return a page of the nodes below one, in the order of the tree. */
export async function askNodes(tree: Tree, parent: string, page: number): Promise<NodePage> {
  if (parent !== ROOTS) return await askPage(tree, { parentId: { eq: parent } }, page)
  const roots = tree === 'space' ? await askSpaces(COMMUNITIES, page) : NONE
  return roots.totalCount > 0 ? roots : await askPage(tree, WITHOUT_PARENT, page)
}

/** Return a page of the nodes that a filter selects. */
export async function askPage(tree: Tree, filter: NodeFilter, page: number): Promise<NodePage> {
  return tree === 'space' ? await askSpaces(filter, page) : await askOrgs(filter, page)
}

async function askSpaces(filter: SpaceFilter, page: number): Promise<NodePage> {
  return (await dataOf(SpaceNodesDocument, { filter, first: PAGE, offset: page * PAGE })).spaces ?? NONE
}

async function askOrgs(filter: OrgFilter, page: number): Promise<NodePage> {
  return (await dataOf(OrgNodesDocument, { filter, first: PAGE, offset: page * PAGE })).orgs ?? NONE
}
