import { letterOf, type Mark, titleOfMark } from './marks'
import type { Property } from './plan'
import { texts } from './texts'

interface Props {
  marks: readonly Mark[]
  properties: readonly Property[]
  highlighted: ReadonlySet<Mark>
  onHighlight: (marks: ReadonlySet<Mark>) => void
}

function toggled(marks: ReadonlySet<Mark>, mark: Mark): ReadonlySet<Mark> {
  return new Set(marks.has(mark) ? [...marks].filter((each) => each !== mark) : [...marks, mark])
}

/** The states with their numbers. A state is a switch that highlights its properties. */
export function Legend({ marks, properties, highlighted, onHighlight }: Props) {
  const count = properties.filter((property) => property.marks.some((mark) => highlighted.has(mark))).length
  return (
    <div className="legend" role="group" aria-label={texts.legend}>
      {marks.map((mark) => (
        <button
          key={mark} type="button" aria-pressed={highlighted.has(mark)}
          onClick={() => { onHighlight(toggled(highlighted, mark)) }}
        >
          <span className={`swatch mark-${mark}`} aria-hidden="true">{letterOf(mark)}</span>
          {titleOfMark(mark)} <b>{properties.filter((property) => property.marks.includes(mark)).length.toLocaleString()}</b>
        </button>
      ))}
      <span role="status" className="quiet">{highlighted.size > 0 && texts.highlighted(count, properties.length)}</span>
    </div>
  )
}
