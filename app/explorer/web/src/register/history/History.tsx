import './history.css'
import { texts as common } from '../texts'
import { AsGraphQL } from '../AsGraphQL'
import { Trouble } from '../Trouble'
import { type Kind, kindOf } from './kinds'
import { Names } from './names'
import { Older } from './Older'
import { texts } from './texts'
import { Restore } from './Restore'
import { Timeline } from './Timeline'
import { useHistory } from './useHistory'
import { useNamesIn } from './useNamesIn'

interface Props {
  kind: Kind
  id: string
  /**
   * The business organisation in which restoring needs a capability; null for the super administrator only. By default the
   * one that the record belonged to at its newest change.
   */
  org?: string | null
}

/** The history of a record of any kind, and ways back to its former states. */
export function History({ kind, id, org: given }: Props) {
  const { data, error, refetch, hasNextPage, isFetching, isRefetchError, fetchNextPage } = useHistory(kind, id)
  const names = useNamesIn(kind, data?.changes)
  const trouble = error === null ? null : <Trouble error={error} onRetry={() => { void refetch() }} />
  if (data === undefined) return trouble ?? <p className="loading">{common.loading}</p>
  const org = given === undefined ? data.changes[0]?.orgId ?? null : given
  return (
    <Names value={names}>
      {trouble}
      {data.entries.length === 0 && <p className="quiet">{texts.empty}</p>}
      <Timeline
        kind={kind} entries={data.entries}
        actionOf={(entry, description) => <Restore kind={kind} id={id} org={org} entry={entry} history={data} description={description} />}
      />
      <Older {...{ pages: data.pages, hasNextPage, isFetching, isRefetchError, refetch, fetchNextPage }} />
      <AsGraphQL document={kindOf(kind).history} variables={{ id }} />
    </Names>
  )
}
