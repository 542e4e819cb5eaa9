/** Both trees. They are kept while the register is shown, so that a tree is as it was left. */
import type { Tree } from '../place'
import type { Change } from '../touches'
import { newTreeStore, type TreeStore } from './treeStore'

export type Forest = Record<Tree, TreeStore>

export function newForest(): Forest {
  return { space: newTreeStore('space'), org: newTreeStore('org') }
}

/** Load again what the changes of others touch. */
export function touchTrees(forest: Forest, changes: Change[]): void {
  for (const tree of ['space', 'org'] as const) void forest[tree].touch(changes.filter(({ entity }) => entity === tree))
}
