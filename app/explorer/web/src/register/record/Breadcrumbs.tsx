import { PageLink } from '../../PageLink'
import { pathOf, usePlace } from '../place'
import type { RegisterRecord } from './records'
import { texts } from './texts'

/** The records above one, from the root on, and itself. */
export function Breadcrumbs({ record }: { record: RegisterRecord }) {
  const { tree, view } = usePlace()
  return (
    <nav aria-label={texts.path} className="breadcrumbs">
      <ol>
        {record.ancestors.map(({ id, name }) => <li key={id}><PageLink to={pathOf({ tree, record: id, view })}>{name}</PageLink></li>)}
        <li aria-current="page">{record.name}</li>
      </ol>
    </nav>
  )
}
