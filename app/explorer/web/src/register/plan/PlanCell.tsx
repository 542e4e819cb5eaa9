import { memo } from 'react'
import { letterOf, titleOfMark } from './marks'
import type { Property } from './plan'

interface Props {
  property: Property
  isActive: boolean
  isOpen: boolean
  /** Whether the highlight is on others. */
  isFaded: boolean
}

/** The part of a name behind that of the building and the unit. */
function shortOf(name: string): string {
  return name.split(/[_/]/).at(-1) ?? name
}

/** A property of a plan: its name, and letters for its states, which its label has as words: the style draws the letters. */
export const PlanCell = memo(function PlanCell({ property: { id, name, marks }, isActive, isOpen, isFaded }: Props) {
  const classes = ['cell', ...marks.map((mark) => `mark-${mark}`), ...(isFaded ? ['faded'] : [])]
  const title = [name, ...marks.map(titleOfMark)].join(', ')
  return (
    <td
      role="gridcell" className={classes.join(' ')} data-id={id} tabIndex={isActive ? 0 : -1}
      aria-label={title} aria-selected={isOpen} title={title}
    >
      <span className="name">{shortOf(name)}</span>
      <span className="letters" data-letters={marks.map(letterOf).join(' ')} />
    </td>
  )
})
