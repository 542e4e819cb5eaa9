import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { TypedDocumentString } from '../../generated/graphql'
import { AsGraphQL } from '../AsGraphQL'
import type { Change } from '../touches'
import { Confirm } from './Confirm'
import { Conflict } from './Conflict'
import type { Basis } from './effects'
import { errorsBeside, isConflict, type UserError } from './errors'
import { useChange } from './useChange'

/** A change that waits for its confirmation. */
interface Proposal<T, V> {
  title: string
  /** What the button says. */
  action: string
  document: TypedDocumentString<T, V>
  /** Make the variables; the version is that of `basis`, or after a conflict that of `reread`. */
  variables: (version: number) => V
  basis: Basis
  /** Read the record again, to compare both versions. Without it a conflict is an error like others. */
  reread?: () => Promise<Basis>
  /** What the page has to show anew. */
  changesIn: (data: T) => Change[]
  isDangerous?: boolean
}

/** A proposal that was refused because others have changed the record. */
interface Refused<T, V> {
  /** As it was sent: the fields may be edited while the record is read again. */
  asked: Proposal<T, V>
  /** What it does to the version that there is now. */
  current: Basis
  /** Whether others have changed the record once more, after a conflict was shown. */
  isAgain: boolean
}

interface Props<T, V> {
  proposal: Proposal<T, V>
  /** The names of the fields of the form, which show their errors themselves. */
  fields?: readonly string[]
  isReady?: boolean
  isWide?: boolean
  /** The fields of the form, with the errors of the program. */
  children?: (errors: UserError[]) => ReactNode
  onDone: (data: T) => void
  onClose: () => void
}

/** A form and its confirmation: sends the change, and shows why it is refused, beside its field where there is one. */
export function ChangeDialog<T extends object, V>({ proposal, fields = [], isReady = true, isWide = false, children, onDone, onClose }: Props<T, V>) {
  const { change, errors, failure } = useChange()
  const [reason, setReason] = useState('')
  const [refused, setRefused] = useState<Refused<T, V>>()
  const [isBusy, setIsBusy] = useState(false)
  const [unread, setUnread] = useState<Error | null>(null)
  const isOpen = useRef(false)

  useEffect(() => {
    isOpen.current = true
    return () => { isOpen.current = false }
  }, [])

  async function send(asked: Proposal<T, V>, why: string, version: number) {
    const { document, variables, changesIn } = asked
    setReason(why)
    setUnread(null)
    setIsBusy(true)
    const outcome = await change({ document, variables: variables(version), reason: why, changesIn })
    if (!isOpen.current) return // the person has left the record
    if (outcome.data !== null) onDone(outcome.data)
    else if (outcome.errors.length > 0) await compare(asked, outcome.errors)
    setIsBusy(false)
  }

  async function compare(asked: Proposal<T, V>, found: UserError[]) {
    const reread = found.some(isConflict) ? asked.reread : undefined
    const current = await reread?.().catch((error: unknown) => { setUnread(error as Error) })
    setRefused(current == null ? undefined : { asked, current, isAgain: refused !== undefined })
  }

  const { title, action, document, variables, basis, isDangerous = false } = proposal
  return refused !== undefined ? (
    <Conflict
      title={title} seen={refused.asked.basis.effects} current={refused.current} isAgain={refused.isAgain} isSending={isBusy} failure={failure}
      onOverwrite={() => { void send(refused.asked, reason, refused.current.version) }} onClose={onClose}
    />
  ) : (
    <Confirm
      title={title} givenReason={reason} effects={basis.effects} action={action} isDangerous={isDangerous} isReady={isReady} isWide={isWide} isSending={isBusy}
      errors={errorsBeside(errors, fields)} failure={failure ?? unread} onConfirm={(why) => { void send(proposal, why, basis.version) }} onClose={onClose}
      mutation={<AsGraphQL document={document} variables={variables(basis.version)} />}
    >
      {children?.(errors)}
    </Confirm>
  )
}
