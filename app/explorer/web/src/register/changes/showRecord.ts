/** Shows another record after a change; its heading gets the focus, because the button that had it is gone. */
import { go } from '../../route'
import { pathOf, type Tree } from '../place'

let awaited = ''

export function showRecord(tree: Tree, record: string): void {
  awaited = record
  go(pathOf({ tree, record }))
}

/** Return the ref of the heading of a record. */
export function headingOf(record: string): (heading: HTMLElement | null) => void {
  return (heading) => {
    if (heading === null || record !== awaited) return
    awaited = ''
    heading.focus()
  }
}
