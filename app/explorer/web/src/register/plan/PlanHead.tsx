import type { Group } from './plan'

/** The titles of the groups of columns, where they have any, and of the columns. */
export function PlanHead({ groups }: { groups: readonly Group[] }) {
  const isNamed = groups.some(({ title }) => title !== '')
  return (
    <thead>
      {isNamed && (
        <tr>
          <td className="corner" />
          {groups.map(({ key, title, columns }) => columns.length > 0 && (
            title === ''
              ? <td key={key} colSpan={columns.length} />
              : <th key={key} scope="colgroup" colSpan={columns.length} className="group">{title}</th>
          ))}
        </tr>
      )}
      <tr>
        <td className="corner" />
        {groups.flatMap(({ key, columns }) => columns.map((column) => <th key={`${key} ${column}`} scope="col">{column}</th>))}
      </tr>
    </thead>
  )
}
