import { useEffect, useEffectEvent } from 'react'
import type { Place } from '../place'
import { useRecord } from '../record/records'
import type { TreeStore } from './treeStore'

/** Open the tree down to the record that is chosen, and then call `onRevealed` with its id. */
export function useReveal(store: TreeStore, { tree, record }: Place, onRevealed: (id: string) => void): void {
  const { data } = useRecord(tree, record)
  const path = data === null || data === undefined ? '' : [...data.ancestors, data].map(({ id }) => id).join('/')
  const reveal = useEffectEvent(onRevealed)

  useEffect(() => {
    if (path === '') return
    const ids = path.split('/')
    let isOver = false // another record may be chosen before this one is found
    void store.reveal(ids).then(() => { if (!isOver) reveal(ids.at(-1) ?? '') })
    return () => { isOver = true }
  }, [store, path])
}
