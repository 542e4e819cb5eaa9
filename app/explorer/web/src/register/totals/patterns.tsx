/** Fills that differ without colour: each series has a pattern of its own. */
import type { ReactNode } from 'react'

const TILE = 8
const COLOURS = 5

const LINES: ReactNode[] = [
  null,
  <path key="rising" d="M-2 2 2-2M0 8 8 0M6 10 10 6" />,
  <circle key="dots" cx={4} cy={4} r={1.2} />,
  <path key="across" d="M0 4H8" />,
  <path key="down" d="M4 0V8" />,
  <path key="grid" d="M0 4H8M4 0V8" />,
]

/** Return the address of the fill of a series. */
export function fillOf(prefix: string, series: number): string {
  return `url(#${prefix}-${series.toString()})`
}

/** The fills of that many series, for the `defs` of an image; as many differ as there are pairs of colours and lines. */
export function Patterns({ prefix, count }: { prefix: string; count: number }) {
  return (
    <defs>
      {Array.from({ length: count }, (_, series) => (
        <pattern key={series} id={`${prefix}-${series.toString()}`} width={TILE} height={TILE} patternUnits="userSpaceOnUse">
          <rect width={TILE} height={TILE} className={`colour-${(series % COLOURS).toString()}`} />
          <g className="lines">{LINES[series % LINES.length]}</g>
        </pattern>
      ))}
    </defs>
  )
}
