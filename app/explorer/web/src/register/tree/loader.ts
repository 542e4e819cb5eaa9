/** The requests for the nodes of a tree. One that is running is not sent again. */
import type { Tree } from '../place'
import type { Store } from '../../store'
import { askCounts, type Counts } from './counts'
import { askNodes, type TreeNode } from './nodes'
import { askSubtree } from './subtrees'
import { nameOf, type Part, type TreeState, withCounts, withFailure, withPage, withSubtree } from './treeState'

export interface Loader {
  /** Load a page of the children of a node, or everything below it. */
  load: (part: Part) => Promise<void>
  /** Load again what has failed. */
  retry: () => void
  /** Resolves when the requests that are running now have ended. */
  settled: () => Promise<unknown>
}

export function newLoader(tree: Tree, state: Store<TreeState>): Loader {
  const running = new Map<string, Promise<void>>()

  /** Numbers that cannot be had are left out. */
  async function count(nodes: readonly TreeNode[]): Promise<void> {
    const counts = await askCounts(tree, nodes).catch(() => new Map<string, Counts>())
    if (counts.size > 0) state.set(withCounts(state.get(), counts))
  }

  async function ask({ parent, page }: Part): Promise<void> {
    if (page === 'all') {
      const subtree = await askSubtree(tree, parent)
      state.set(withSubtree(state.get(), parent, subtree))
      return
    }
    const answer = await askNodes(tree, parent, page)
    state.set(withPage(state.get(), parent, page, answer))
    void count(answer.nodes)
  }

  async function tryTo(part: Part): Promise<void> {
    try {
      await ask(part)
    } catch (error) {
      state.set(withFailure(state.get(), part, error as Error))
    }
    running.delete(nameOf(part))
  }

  function load(part: Part): Promise<void> {
    const request = running.get(nameOf(part)) ?? tryTo(part)
    running.set(nameOf(part), request)
    return request
  }

  return {
    load,
    retry() { for (const { part } of state.get().failures.values()) void load(part) },
    settled: () => Promise.all(running.values()),
  }
}
