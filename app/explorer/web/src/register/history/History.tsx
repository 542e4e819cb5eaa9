import './history.css'
import { texts as common } from '../texts'
import { AsGraphQL } from '../AsGraphQL'
import { Trouble } from '../Trouble'
import { treeOfField } from './fields'
import { type Kind, kindOf } from './kinds'
import { Names, type Reference, useNames } from './names'
import type { RecordedChange } from './entries'
import { Older } from './Older'
import { texts } from './texts'
import { Restore } from './Restore'
import { Timeline } from './Timeline'
import { useHistory } from './useHistory'

interface Props {
  kind: Kind
  id: string
  /**
   * The business organisation in which restoring needs a capability; null for the super administrator only. By default the
   * one that the record belonged to at its newest change.
   */
  org?: string | null
}

const NO_CHANGES: RecordedChange[] = []

/** The history of a record of any kind, and ways back to its former states. */
export function History({ kind, id, org: given }: Props) {
  const { data, error, refetch, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage } = useHistory(kind, id)
  const names = useNames(referencesIn(kind, data?.changes ?? NO_CHANGES))
  if (error !== null) return <Trouble error={error} onRetry={() => { void refetch() }} />
  if (data === undefined) return <p className="loading">{common.loading}</p>
  const org = given === undefined ? data.changes[0]?.orgId ?? null : given
  return (
    <Names value={names ?? new Map<string, string>()}>
      {data.entries.length === 0 && <p className="quiet">{texts.empty}</p>}
      <Timeline
        kind={kind} entries={data.entries}
        actionOf={(entry, description) => <Restore kind={kind} id={id} org={org} entry={entry} history={data} description={description} />}
      />
      <Older {...{ hasNextPage, isFetching, isFetchingNextPage, fetchNextPage }} />
      <AsGraphQL document={kindOf(kind).history} variables={{ id }} />
    </Names>
  )
}

function referencesIn(kind: Kind, changes: RecordedChange[]): Reference[] {
  return changes.flatMap(({ differences }) => differences).flatMap(({ field, before, after }) => {
    const tree = treeOfField(kind, field)
    return tree === null ? [] : [before, after].filter((id) => id !== null).map((id) => ({ tree, id }))
  })
}
