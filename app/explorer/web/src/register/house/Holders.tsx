import { HistoryDetails } from '../history/HistoryDetails'
import { isValid } from '../plan/relations'
import { moment } from '../record/times'
import { titleOf } from '../titles'
import type { Relation } from './residents'
import { texts } from './texts'

function livesThere({ housingStatus }: Relation): boolean {
  return housingStatus === 'LIVING_IN'
}

/** The main owner first, then those who live there. */
function compare(a: Relation, b: Relation): number {
  return Number(b.isMain) - Number(a.isMain) || Number(livesThere(b)) - Number(livesThere(a)) || a.createdAt.localeCompare(b.createdAt)
}

/** The customers who own or rent a property now. */
export function Holders({ relations }: { relations: readonly Relation[] }) {
  const valid = relations.filter(isValid)
  return (
    <section>
      <h4>{texts.holders}</h4>
      {valid.length === 0 ? <p className="quiet">{texts.noHolders}</p> : (
        <ul className="people">
          {[...valid].sort(compare).map(({ id, tenure, isMain, housingStatus, createdAt, customer }) => (
            <li key={id}>
              <b>{customer?.name ?? texts.hidden}</b> {customer?.phone}
              <div>
                <span className="chip">{titleOf('Tenure', tenure)}</span>{' '}
                {isMain && <><span className="chip">{texts.main}</span>{' '}</>}
                <span className="chip">{titleOf('HousingStatus', housingStatus)}</span>
              </div>
              <span className="quiet">{texts.recorded(moment(createdAt))}</span>
              <HistoryDetails kind="property_relation" id={id} />
              {customer !== null && <HistoryDetails kind="customer" id={customer.id} />}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
