import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import { Claims } from './Claims'
import { Holders } from './Holders'
import { MoveLog } from './MoveLog'
import { useResidents } from './residents'

/** Who has a property, who claims it, and who moved in or out. */
export function Occupants({ id }: { id: string }) {
  const { data, error, refetch } = useResidents(id)
  const trouble = error === null ? null : <Trouble error={error} onRetry={() => { void refetch() }} />
  if (data === undefined) return trouble ?? <p className="loading">{common.loading}</p>
  if (data === null) return <p className="quiet">{common.none}</p>
  return (
    <>
      {trouble}
      <div className="occupants">
        <Holders relations={data.propertyRelations} />
        <Claims claims={data.verificationsConnection} />
        <MoveLog records={data.housingRecordsConnection} />
      </div>
    </>
  )
}
