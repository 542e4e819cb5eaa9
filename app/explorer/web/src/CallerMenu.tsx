import type { Caller } from './caller'
import { texts } from './texts'

/** Who is logged in and what they may do, as the program says. */
export function CallerMenu({ caller: { me } }: { caller: Caller }) {
  if (me === null) return <span className="quiet">{texts.nobody}</span>
  const { admin, clientId, capabilities } = me
  return (
    <details className="caller">
      <summary>{admin?.name ?? clientId}</summary>
      <dl>
        <dt>{texts.account}</dt>
        <dd>{admin?.account ?? clientId}</dd>
        <dt>{texts.mayDo}</dt>
        {capabilities.map((each) => <dd key={each}>{each}</dd>)}
        {capabilities.length === 0 && <dd>{texts.nothing}</dd>}
      </dl>
    </details>
  )
}
