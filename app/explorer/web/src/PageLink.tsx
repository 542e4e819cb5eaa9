import type { MouseEvent, ReactNode } from 'react'
import { urlOf } from './addresses'
import { go } from './route'

interface Props {
  /** A path below the root of the program. */
  to: string
  isCurrent?: boolean
  children: ReactNode
}

/** A link to another page or record, which is shown without loading; in a new tab as any other link. */
export function PageLink({ to, isCurrent = false, children }: Props) {
  function follow(event: MouseEvent) {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to)
  }

  return <a href={urlOf(to)} onClick={follow} aria-current={isCurrent ? 'page' : undefined}>{children}</a>
}
