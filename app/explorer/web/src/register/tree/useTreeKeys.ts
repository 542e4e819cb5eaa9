import { type KeyboardEvent, useRef } from 'react'
import { type Moves, press, typedTo } from './keys'
import type { Row } from './rows'

const TYPING_MS = 700

/** Return what keys do in a tree whose active row is at an index; letters that are typed quickly belong together. */
export function useTreeKeys(rows: readonly Row[], active: number, moves: Moves): (event: KeyboardEvent) => void {
  const typed = useRef({ text: '', at: 0 })

  function type(letter: string, time: number) {
    typed.current = { text: time - typed.current.at > TYPING_MS ? letter : typed.current.text + letter, at: time }
    const index = typedTo(typed.current.text, rows, active)
    if (index >= 0) moves.moveTo(index)
  }

  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const isDone = press(event.key, rows, active, moves)
    if (isDone) event.preventDefault()
    else if (event.key.length === 1) type(event.key, event.timeStamp)
  }
}
