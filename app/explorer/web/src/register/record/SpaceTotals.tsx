import { titleOf } from '../titles'
import type { RegisterRecord } from './records'
import { texts } from './texts'

/** How many spaces there are of each type and status. */
export function SpaceTotals({ summary: { spaces } }: { summary: RegisterRecord['summary'] }) {
  if (spaces.length === 0) return <p className="quiet">{texts.belowNone}</p>
  return (
    <table className="totals">
      <caption>{texts.below}</caption>
      <thead>
        <tr><th scope="col">{texts.type}</th><th scope="col">{texts.status}</th><th scope="col" className="number">{texts.count}</th></tr>
      </thead>
      <tbody>
        {spaces.map(({ type, status, count }) => (
          <tr key={`${type} ${status}`}>
            <td>{titleOf('SpaceType', type)}</td>
            <td>{titleOf('Status', status)}</td>
            <td className="number">{count.toLocaleString()}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
