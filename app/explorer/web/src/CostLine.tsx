import type { Answer } from './answers'
import { texts } from './texts'

/** How long an answer took, what it cost of what is allowed, and how many rows were loaded. */
export function CostLine({ answer: { milliseconds, result } }: { answer: Answer }) {
  const cost = result.extensions?.cost
  return (
    <output>
      {Math.round(milliseconds).toLocaleString()} ms
      {cost !== undefined && (
        <>
          {' · '}{texts.cost} {shown(cost.estimated)} {texts.of} {shown(cost.estimatedLimit)}
          {' · '}{shown(cost.actual)} {texts.rows}
        </>
      )}
    </output>
  )
}

function shown(figure: number | null): string {
  return figure === null ? '–' : figure.toLocaleString()
}
