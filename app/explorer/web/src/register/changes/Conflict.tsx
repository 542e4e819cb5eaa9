import { Dialog } from './Dialog'
import type { Basis, Effect } from './effects'
import { texts as common } from '../texts'
import { texts } from './texts'

interface Props {
  title: string
  /** What the change was to do to the version that was read. */
  seen: Effect[]
  /** What it does to the version that there is now. */
  current: Basis
  /** Whether they have done so once more, after this was shown. */
  isAgain: boolean
  isSending: boolean
  failure: Error | null
  onOverwrite: () => void
  onClose: () => void
}

/** Others have changed the record meanwhile: shows both versions, and asks which one is to stay. */
export function Conflict({ title, seen, current, isAgain, isSending, failure, onOverwrite, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose} isHeld={isSending}>
      <p key={current.version} role="alert">{isAgain ? texts.conflictAgain : texts.conflict}</p>
      <table className="effects">
        <caption>{texts.versions}</caption>
        <thead>
          <tr><th scope="col">{common.field}</th><th scope="col">{texts.read}</th><th scope="col">{texts.theirs}</th><th scope="col">{texts.yours}</th></tr>
        </thead>
        <tbody>
          {current.effects.map(({ title: field, before, after }) => (
            <tr key={field}>
              <th scope="row">{field}</th>
              <td>{seen.find((each) => each.title === field)?.before ?? texts.none}</td>
              <td>{before === '' ? texts.none : before}</td>
              <td>{after === '' ? texts.none : after}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {failure !== null && <p className="trouble" role="alert">{failure.message}</p>}
      <footer>
        <button type="button" data-first="" aria-disabled={isSending} onClick={() => { if (!isSending) onClose() }}>{texts.takeTheirs}</button>
        <button type="button" className="danger" aria-disabled={isSending} onClick={() => { if (!isSending) onOverwrite() }}>{isSending ? texts.sending : texts.overwrite}</button>
      </footer>
    </Dialog>
  )
}
