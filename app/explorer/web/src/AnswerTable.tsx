import type { List } from './lists'
import { texts } from './texts'

/** More rows make the page slow; the file has all. */
const SHOWN = 1000

/** A list as a table. */
export function AnswerTable({ list: { name, columns, rows } }: { list: List }) {
  return (
    <div className="table" tabIndex={0} role="region" aria-label={name}>
      <table>
        <thead>
          <tr>{columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((row, index) => (
            <tr key={index}>{columns.map((column) => <td key={column}>{row[column]}</td>)}</tr>
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN && <p>{texts.firstRows(SHOWN, rows.length)}</p>}
    </div>
  )
}
