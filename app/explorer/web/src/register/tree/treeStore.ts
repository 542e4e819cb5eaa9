/** A tree that is loaded bit by bit, as its nodes are opened and scrolled to. */
import type { Tree } from '../place'
import { createStore, type Store } from '../../store'
import type { Change } from '../touches'
import { type Loader, newLoader } from './loader'
import { PAGE, ROOTS } from './nodes'
import { parentsTouchedBy } from './touchedParents'
import { EMPTY, pageOf, pagesOf, type TreeState, withOpen } from './treeState'

export interface TreeStore {
  state: Store<TreeState>
  /** Load a page of the children of a node, unless it is being loaded. */
  load: (parent: string, page: number) => Promise<void>
  /** Load again what has failed. */
  retry: () => void
  /** Open or close a node. */
  setOpen: (id: string, isOpen: boolean) => void
  /** Open a node and all below it. */
  openAll: (id: string) => Promise<void>
  closeAll: () => void
  /** Open the nodes above a record, and load their children until the next one is among them. */
  reveal: (path: string[]) => Promise<void>
  touch: (changes: Change[]) => Promise<void>
}

export function newTreeStore(tree: Tree): TreeStore {
  const state = createStore(EMPTY)
  const loader = newLoader(tree, state)
  return {
    state,
    load: (parent, page) => loader.load({ parent, page }),
    retry: loader.retry,
    setOpen(id, isOpen) {
      state.set(withOpen(state.get(), [id], isOpen))
      if (isOpen && !state.get().siblings.has(id)) void loader.load({ parent: id, page: 0 })
    },
    openAll: (id) => loader.load({ parent: id, page: 'all' }),
    closeAll() { state.set({ ...state.get(), open: new Set() }) },
    reveal: (path) => reveal(state, loader, path),
    touch: (changes) => reload(state, loader, changes),
  }
}

async function reveal(state: Store<TreeState>, loader: Loader, path: string[]): Promise<void> {
  const parents = [ROOTS, ...path.slice(0, -1)]
  await Promise.all(path.map((id, index) => find(state, loader, parents[index] ?? ROOTS, id)))
  state.set(withOpen(state.get(), parents, true))
}

/** Load pages of children until one of them is loaded. */
async function find(state: Store<TreeState>, { load }: Loader, parent: string, id: string): Promise<void> {
  if (!state.get().siblings.has(parent)) await load({ parent, page: 0 })
  const pages = Math.ceil((state.get().siblings.get(parent)?.count ?? 0) / PAGE)
  for (let page = 0; page < pages && pageOf(state.get(), parent, id) < 0; page++) {
    if (!pagesOf(state.get(), parent).includes(page)) await load({ parent, page })
  }
}

/** Load what changes touch. Requests that were running when they came may have read the state before them. */
async function reload(state: Store<TreeState>, { load, settled }: Loader, changes: Change[]): Promise<void> {
  if (changes.length === 0) return
  await settled()
  for (const parent of parentsTouchedBy(changes, state.get())) {
    for (const page of pagesOf(state.get(), parent)) void load({ parent, page })
  }
}
