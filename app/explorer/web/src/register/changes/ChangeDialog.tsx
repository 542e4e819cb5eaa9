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
  const { change, isSending, errors, failure } = useChange()
  const [reason, setReason] = useState('')
  const [current, setCurrent] = useState<Basis>()
  const [isAgain, setIsAgain] = useState(false)
  const [unread, setUnread] = useState<Error | null>(null)
  const isOpen = useRef(false)
  const { title, action, document, variables, basis, reread, changesIn, isDangerous = false } = proposal

  useEffect(() => {
    isOpen.current = true
    return () => { isOpen.current = false }
  }, [])

  async function send(why: string, version: number) {
    setReason(why)
    setUnread(null)
    const outcome = await change({ document, variables: variables(version), reason: why, changesIn })
    if (!isOpen.current) return // the person has left the record
    if (outcome.data !== null) onDone(outcome.data)
    else if (outcome.errors.length > 0) await compare(outcome.errors)
  }

  async function compare(refused: UserError[]) {
    const again = refused.some(isConflict) ? reread : undefined
    setIsAgain(current !== undefined)
    setCurrent(await again?.().catch((error: unknown) => { setUnread(error as Error) }) ?? undefined)
  }

  return current !== undefined ? (
    <Conflict
      title={title} seen={basis.effects} current={current} isAgain={isAgain} isSending={isSending} failure={failure}
      onOverwrite={() => { void send(reason, current.version) }} onClose={onClose}
    />
  ) : (
    <Confirm
      title={title} givenReason={reason} effects={basis.effects} action={action} isDangerous={isDangerous} isReady={isReady} isWide={isWide} isSending={isSending}
      errors={errorsBeside(errors, fields)} failure={failure ?? unread} onConfirm={(why) => { void send(why, basis.version) }} onClose={onClose}
      mutation={<AsGraphQL document={document} variables={variables(basis.version)} />}
    >
      {children?.(errors)}
    </Confirm>
  )
}
