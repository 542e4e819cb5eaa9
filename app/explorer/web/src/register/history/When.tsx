import { moment } from '../record/times'
import { texts } from './texts'

interface Props {
  change: { time: string; actorAccount: string | null; actor?: { name: string } | null; client: string | null; reason: string | null }
}

/** When a change was made, by whom, through which client, and why. */
export function When({ change: { time, actorAccount, actor, client, reason } }: Props) {
  const person = actorAccount === null ? null : actor == null ? actorAccount : `${actor.name} (${actorAccount})`
  return (
    <>
      <p className="when">
        <time dateTime={time}>{moment(time)}</time>
        {person !== null && <> · {texts.by} {person}</>}
        {client !== null && <> · {texts.through} {client}</>}
      </p>
      {reason !== null && <p className="reason">{texts.reason} {reason}</p>}
    </>
  )
}
