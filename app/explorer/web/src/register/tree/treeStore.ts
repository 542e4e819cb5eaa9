/** A tree that is loaded bit by bit, as its nodes are opened and scrolled to. */
import type { Tree } from '../place'
import { createStore, type Store } from '../../store'
import type { Change } from '../touches'
import { askCounts, type Counts } from './counts'
import { askNodes, PAGE, ROOTS, type TreeNode } from './nodes'
import { parentsTouchedBy } from './touchedParents'
import { askSubtree } from './subtrees'
import { EMPTY, pageOf, pagesOf, type TreeState, withCounts, withOpen, withPage, withSubtree } from './treeState'

export interface TreeStore {
  state: Store<TreeState>
  /** Load a page of the children of a node, unless it is being loaded. */
  load: (parent: string, page: number) => Promise<void>
  /** Open or close a node. */
  setOpen: (id: string, isOpen: boolean) => void
  /** Open a node and all below it. */
  openAll: (id: string) => Promise<void>
  closeAll: () => void
  /** Open the nodes above a record, and load their children until the next one is among them. */
  reveal: (path: string[]) => Promise<void>
  touch: (changes: Change[]) => void
}

export function newTreeStore(tree: Tree): TreeStore {
  const state = createStore(EMPTY)
  const loading = new Map<string, Promise<void>>()

  /** Numbers that cannot be had are left out. */
  async function count(nodes: readonly TreeNode[]): Promise<void> {
    const counts = await askCounts(tree, nodes).catch(() => new Map<string, Counts>())
    if (counts.size > 0) state.set(withCounts(state.get(), counts))
  }

  async function ask(parent: string, page: number): Promise<void> {
    try {
      const answer = await askNodes(tree, parent, page)
      state.set(withPage(state.get(), parent, page, answer))
      void count(answer.nodes)
    } catch (error) {
      state.set({ ...state.get(), error: error as Error })
    }
  }

  function load(parent: string, page: number): Promise<void> {
    const name = `${parent} ${page.toString()}`
    const running = loading.get(name) ?? ask(parent, page).finally(() => { loading.delete(name) })
    loading.set(name, running)
    return running
  }

  function setOpen(id: string, isOpen: boolean): void {
    state.set(withOpen(state.get(), [id], isOpen))
    if (isOpen && !state.get().siblings.has(id)) void load(id, 0)
  }

  async function openAll(id: string): Promise<void> {
    try {
      const subtree = await askSubtree(tree, id)
      state.set(withSubtree(state.get(), id, subtree))
    } catch (error) {
      state.set({ ...state.get(), error: error as Error })
    }
  }

  function closeAll(): void {
    state.set({ ...state.get(), open: new Set() })
  }

  async function find(parent: string, id: string): Promise<void> {
    if (!state.get().siblings.has(parent)) await load(parent, 0)
    const pages = Math.ceil((state.get().siblings.get(parent)?.count ?? 0) / PAGE)
    for (let page = 0; page < pages && pageOf(state.get(), parent, id) < 0; page++) {
      if (!pagesOf(state.get(), parent).includes(page)) await load(parent, page)
    }
  }

  async function reveal(path: string[]): Promise<void> {
    const parents = [ROOTS, ...path.slice(0, -1)]
    await Promise.all(path.map((id, index) => find(parents[index] ?? ROOTS, id)))
    state.set(withOpen(state.get(), parents, true))
  }

  function touch(changes: Change[]): void {
    for (const parent of parentsTouchedBy(changes, state.get())) {
      for (const page of pagesOf(state.get(), parent)) void load(parent, page)
    }
  }

  return { state, load, setOpen, openAll, closeAll, reveal, touch }
}
