import { type HTMLAttributes, useState } from 'react'

/** Called with the ids of the node that was dragged, and of the one that it was dropped on. */
export type Drop = (moved: string, onto: string) => void

export type RowDragging = HTMLAttributes<HTMLElement> & { 'data-over'?: boolean | undefined }

/** Return what makes rows draggable onto each other. */
export function useDragging(onDrop: Drop | undefined): (id: string | undefined) => RowDragging | undefined {
  const [moved, setMoved] = useState('')
  const [over, setOver] = useState('')

  return (id) => onDrop === undefined || id === undefined ? undefined : {
    draggable: true,
    'data-over': over === id || undefined,
    onDragStart(event) {
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setData('text/plain', id)
      setMoved(id)
    },
    onDragOver(event) {
      if (moved === '' || moved === id) return
      event.preventDefault() // which says that it may be dropped here
      setOver(id)
    },
    onDragLeave() { setOver('') },
    onDrop(event) {
      event.preventDefault()
      setOver('')
      onDrop(moved, id)
    },
    onDragEnd() {
      setOver('')
      setMoved('')
    },
  }
}
