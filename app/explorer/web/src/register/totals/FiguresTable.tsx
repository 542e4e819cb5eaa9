import type { FiguresFragment } from '../../generated/graphql'
import { PageLink } from '../../PageLink'
import { pathOf } from '../place'
import type { FiguresRow } from './Breakdown'
import type { Measure, Series } from './measures'
import { texts } from './texts'

interface Props {
  measure: Measure
  series: readonly Series[]
  rows: readonly FiguresRow[]
  whole: FiguresFragment
  title: string
  view: string
}

/** The figures of the bars. */
export function FiguresTable({ measure: { title: caption, valueOf }, series, rows, whole, title, view }: Props) {
  const cells = (figures: FiguresFragment) =>
    series.map(({ key }) => <td key={key} className="number">{valueOf(figures, key).toLocaleString()}</td>)
  return (
    <div className="figures" role="region" aria-label={caption} tabIndex={0}>
      <table className="totals">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{title}</th>
            {series.map(({ key, title: each }) => <th key={key} scope="col" className="number">{each}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, fullName, summary }) => (
            <tr key={id}>
              <th scope="row"><PageLink to={pathOf({ tree: 'space', record: id, view })}>{fullName}</PageLink></th>
              {cells(summary)}
            </tr>
          ))}
        </tbody>
        <tfoot><tr><th scope="row">{texts.all}</th>{cells(whole)}</tr></tfoot>
      </table>
    </div>
  )
}
