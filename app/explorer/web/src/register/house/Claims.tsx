import { moment } from '../record/times'
import { titleOf } from '../titles'
import type { Property } from './residents'
import { texts } from './texts'

/** The claims on a property that wait for a decision. */
export function Claims({ claims }: { claims: Property['verificationsConnection'] }) {
  return (
    <section>
      <h4>{texts.claims}</h4>
      {claims === null || claims.nodes.length === 0 ? <p className="quiet">{texts.noClaims}</p> : (
        <ul className="people">
          {claims.nodes.map(({ id, tenure, channel, appUserName, appUserPhone, submittedAt, createdAt }) => (
            <li key={id}>
              <b>{appUserName ?? texts.unnamed}</b> {appUserPhone}
              <div>
                <span className="chip">{titleOf('Tenure', tenure)}</span>{' '}
                {channel !== null && <span className="chip">{titleOf('VerificationChannel', channel)}</span>}
              </div>
              <span className="quiet">{moment(submittedAt ?? createdAt)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
