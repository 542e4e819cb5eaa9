import { PageLink } from '../../PageLink'
import { type Place, pathOf } from '../place'
import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import { DeletedBelow } from './DeletedBelow'
import type { RecordedChange } from './entries'
import { wordsOf } from './fields'
import { History } from './History'
import { texts } from './texts'
import { useHistory } from './useHistory'
import { valueBefore } from './valueBefore'

/** A record that no longer exists: what it was, its history, and the way back; or that there is none. */
export default function DeletedRecord({ place: { tree, record: id } }: { place: Place }) {
  const { data, error, refetch } = useHistory(tree, id)
  if (data === undefined) {
    return error === null ? <p className="loading">{common.loading}</p> : <Trouble error={error} onRetry={() => { void refetch() }} />
  }
  const [deletion] = data.changes
  if (deletion?.operation !== 'DELETE') return <p className="quiet">{common.none}</p>
  const parent = valueBefore(deletion, 'parentId')
  return (
    <>
      <header className="record-head">
        <h2>{valueBefore(deletion, 'name') ?? id}</h2>
        <span className="chip">{wordsOf(tree, 'type', valueBefore(deletion, 'type'))}</span>
        <span className="chip disabled">{texts.deletedChip}</span>
      </header>
      <p role="status">{texts.isDeleted}</p>
      {parent !== null && <p>{texts.lay} <PageLink to={pathOf({ tree, record: parent })}>{nameAbove(deletion)}</PageLink></p>}
      <History kind={tree} id={id} org={tree === 'org' ? parent : deletion.orgId} />
      <DeletedBelow tree={tree} id={id} />
    </>
  )
}

/** Return the full name of the record above. */
function nameAbove(deletion: RecordedChange): string {
  const [fullName, name] = [valueBefore(deletion, 'fullName') ?? '', valueBefore(deletion, 'name') ?? '']
  return fullName.slice(0, -1 - name.length)
}
