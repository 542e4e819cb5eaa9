import type { FiguresFragment } from '../../generated/graphql'
import { Bars } from './Bars'
import { FiguresTable } from './FiguresTable'
import type { Measure } from './measures'
import { SeriesLegend } from './SeriesLegend'
import { texts } from './texts'

export interface FiguresRow {
  id: string
  name: string
  fullName: string
  summary: FiguresFragment
}

interface Props {
  measure: Measure
  rows: readonly FiguresRow[]
  /** What the record itself adds up to. */
  whole: FiguresFragment
  title: string
  view: string
}

/** One measure of some records: bars, and a table of the same figures. */
export function Breakdown({ measure, rows, whole, title, view }: Props) {
  const series = measure.seriesOf([whole, ...rows.map(({ summary }) => summary)])
  if (series.length === 0) return <p className="quiet">{texts.noneOf(measure.title)}</p>
  return (
    <>
      {rows.length > 0 && (
        <figure className="bars" aria-hidden="true">
          <SeriesLegend series={series} />
          <Bars measure={measure} series={series} rows={rows} />
        </figure>
      )}
      <FiguresTable measure={measure} series={series} rows={rows} whole={whole} title={title} view={view} />
    </>
  )
}
