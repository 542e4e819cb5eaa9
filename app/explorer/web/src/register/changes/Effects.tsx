import type { Effect } from './effects'
import { texts as common } from '../texts'
import { texts } from './texts'

/** What will change: each value before and after. */
export function Effects({ effects }: { effects: Effect[] }) {
  if (effects.length === 0) return <p className="quiet">{texts.noEffects}</p>
  return (
    <table className="effects">
      <caption>{texts.effects}</caption>
      <thead><tr><th scope="col">{common.field}</th><th scope="col">{common.before}</th><th scope="col">{common.after}</th></tr></thead>
      <tbody>
        {effects.map(({ title, before, after }) => (
          <tr key={title}>
            <th scope="row">{title}</th>
            <td>{before === '' ? texts.none : <del>{before}</del>}</td>
            <td>{after === '' ? texts.none : <ins>{after}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
