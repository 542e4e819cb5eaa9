import { isShown, titleOfField } from './fields'
import type { Kind } from './kinds'
import type { RecordedChange } from './entries'
import { texts as common } from '../texts'
import { texts } from './texts'
import { Value } from './Value'

interface Props {
  kind: Kind
  change: RecordedChange
}

/** The fields that a change set, before and after it; those of a new or deleted record when they are asked for. */
export function Differences({ kind, change: { operation, differences } }: Props) {
  const shown = differences.filter(({ field }) => isShown(field))
  if (shown.length === 0) return null
  if (operation === 'UPDATE' || operation === 'PLACE') return <Changed kind={kind} differences={shown} />
  return (
    <details>
      <summary>{texts.values(shown.length)}</summary>
      <table className="differences">
        <thead><tr><th scope="col">{common.field}</th><th scope="col">{texts.value}</th></tr></thead>
        <tbody>
          {shown.map(({ field, before, after }) => (
            <tr key={field}>
              <th scope="row">{titleOfField(kind, field)}</th>
              <td><Value kind={kind} field={field} value={after ?? before} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

function Changed({ kind, differences }: { kind: Kind; differences: RecordedChange['differences'] }) {
  return (
    <table className="differences">
      <thead><tr><th scope="col">{common.field}</th><th scope="col">{common.before}</th><th scope="col">{common.after}</th></tr></thead>
      <tbody>
        {differences.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{titleOfField(kind, field)}</th>
            <td><del><Value kind={kind} field={field} value={before} /></del></td>
            <td><ins><Value kind={kind} field={field} value={after} /></ins></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
