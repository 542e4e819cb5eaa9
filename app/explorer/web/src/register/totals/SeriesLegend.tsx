import { useId } from 'react'
import type { Series } from './measures'
import { fillOf, Patterns } from './patterns'

/** What the fills of the bars mean. */
export function SeriesLegend({ series }: { series: readonly Series[] }) {
  const prefix = useId()
  return (
    <ul className="series">
      {series.map(({ key, title }, index) => (
        <li key={key}>
          <svg width={24} height={16}>
            {index === 0 && <Patterns prefix={prefix} count={series.length} />}
            <rect width={24} height={16} fill={fillOf(prefix, index)} />
          </svg>
          {title}
        </li>
      ))}
    </ul>
  )
}
