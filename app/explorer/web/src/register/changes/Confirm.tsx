import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useState } from 'react'
import { Dialog } from './Dialog'
import type { Effect } from './effects'
import { Effects } from './Effects'
import type { UserError } from './errors'
import { FieldErrors } from './FieldErrors'
import { texts } from './texts'

/** The program keeps at most so many characters. */
const MOST_REASON = 500

interface Props {
  title: string
  /** Why, as it was said before a conflict. */
  givenReason: string
  effects: Effect[]
  /** What the button says. */
  action: string
  /** Whether the focus begins on Cancel. */
  isDangerous?: boolean
  /** Whether the form is filled in. */
  isReady?: boolean
  /** While it is sent the buttons are only `aria-disabled`: a disabled button loses the focus. */
  isSending: boolean
  isWide?: boolean
  /** Those that stand beside no field. */
  errors: UserError[]
  failure: Error | null
  onConfirm: (reason: string) => void
  onClose: () => void
  /** The fields of the form. */
  children?: ReactNode
  /** The mutation, for those who want to read it. */
  mutation: ReactNode
}

/** Asks whether a change is to be made, naming what will change, and optionally why. */
export function Confirm(props: Props) {
  const { title, effects, action, isDangerous = false, isReady = true, isSending, errors, failure, onConfirm, onClose, children, mutation } = props
  const [reason, setReason] = useState(props.givenReason)

  function confirm(event: SyntheticEvent) {
    event.preventDefault()
    if (!isSending) onConfirm(reason)
  }

  return (
    <Dialog title={title} onClose={onClose} isHeld={isSending} isWide={props.isWide ?? false}>
      <form onSubmit={confirm} onKeyDown={keepSearching}>
        {children}
        <Effects effects={effects} />
        <label className="field">
          {texts.reason}
          <input value={reason} maxLength={MOST_REASON} onChange={(event) => { setReason(event.target.value) }} />
        </label>
        {mutation}
        <FieldErrors errors={errors} />
        {failure !== null && <p className="trouble" role="alert">{failure.message}</p>}
        <footer>
          <button type="button" data-first={isDangerous ? '' : undefined} aria-disabled={isSending} onClick={() => { if (!isSending) onClose() }}>{texts.cancel}</button>
          <button type="submit" className={isDangerous ? 'danger' : 'primary'} disabled={!isReady && !isSending} aria-disabled={isSending || !isReady}>
            {isSending ? texts.sending : action}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

/** Enter in a search field does not submit the form: the record chosen before is not the one that is looked for. */
function keepSearching(event: KeyboardEvent) {
  const isSearch = event.target instanceof HTMLInputElement && event.target.type === 'search'
  if (isSearch && event.key === 'Enter') event.preventDefault()
}
