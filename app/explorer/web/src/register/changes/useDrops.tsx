import { lazy, type ReactNode, useState } from 'react'
import type { Tree } from '../place'
import { useRightsAnywhere } from './rights'
import type { Drop } from './useDragging'

const DroppedMove = lazy(() => import('./DroppedMove'))

/** Return what a drop in a tree does: it asks whether to move. Without the capability anywhere nothing can be dragged. */
export function useDrops(tree: Tree): { onDrop: Drop | undefined; dialog: ReactNode } {
  const may = useRightsAnywhere()
  const [dropped, setDropped] = useState<{ tree: Tree; moved: string; onto: string }>()
  const dialog = dropped !== undefined && (
    <DroppedMove {...dropped} onClose={() => { setDropped(undefined) }} />
  )
  const onDrop = may(tree === 'space' ? 'SPACE_WRITE' : 'ORG_WRITE')
    ? (moved: string, onto: string) => { setDropped({ tree, moved, onto }) }
    : undefined
  return { onDrop, dialog }
}
