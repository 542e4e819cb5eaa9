import { moment } from '../record/times'
import { titleOf } from '../titles'
import type { Property } from './residents'
import { texts } from './texts'

/** Who moved in or out, the newest entry first. */
export function MoveLog({ records }: { records: Property['housingRecordsConnection'] }) {
  const nodes = records?.nodes ?? []
  const more = (records?.totalCount ?? 0) - nodes.length
  return (
    <section>
      <h4>{texts.log}</h4>
      {nodes.length === 0 ? <p className="quiet">{texts.noLog}</p> : (
        <ol className="people">
          {nodes.map(({ id, housingStatus, customerName, createdAt, createdBy }) => (
            <li key={id}>
              <span className="chip">{titleOf('HousingStatus', housingStatus)}</span> <b>{customerName ?? texts.unnamed}</b>
              <div className="quiet">{[moment(createdAt), createdBy].filter(Boolean).join(' · ')}</div>
            </li>
          ))}
        </ol>
      )}
      {more > 0 && <p className="quiet">{texts.more(more)}</p>}
    </section>
  )
}
