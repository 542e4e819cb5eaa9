import { texts as common } from '../texts'
import { Trouble } from '../Trouble'
import { Claims } from './Claims'
import { Holders } from './Holders'
import { MoveLog } from './MoveLog'
import { useResidents } from './residents'

/** Who has a property, who claims it, and who moved in or out. */
export function Occupants({ id }: { id: string }) {
  const { data, error, refetch } = useResidents(id)
  if (error !== null) return <Trouble error={error} onRetry={() => { void refetch() }} />
  if (data === undefined) return <p className="loading">{common.loading}</p>
  if (data === null) return <p className="quiet">{common.none}</p>
  return (
    <div className="occupants">
      <Holders relations={data.propertyRelations} />
      <Claims claims={data.verificationsConnection} />
      <MoveLog records={data.housingRecordsConnection} />
    </div>
  )
}
