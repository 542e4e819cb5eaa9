import { use, useState } from 'react'
import type { TypedDocumentString } from '../../generated/graphql'
import type { Change } from '../touches'
import type { UserError } from './errors'
import { errorsIn, newSender } from './sending'
import { ShowChanges } from './ShowChanges'

/** How far a change is. */
interface Progress {
  isSending: boolean
  /** What the person has to put right. */
  errors: UserError[]
  /** Why there is no answer, or no right. */
  failure: Error | null
}

interface Request<T, V> {
  document: TypedDocumentString<T, V>
  variables: V
  /** Why the change is made, for the record of changes. */
  reason: string
  /** What the page has to show anew. */
  changesIn: (data: T) => Change[]
}

const BEFORE: Progress = { isSending: false, errors: [], failure: null }

/** What was written, or why nothing was; neither where there is no answer. */
interface Outcome<T> {
  data: T | null
  errors: UserError[]
}

/** Return how far a change is, and what sends it. */
export function useChange() {
  const show = use(ShowChanges)
  const [{ send }] = useState(newSender)
  const [progress, setProgress] = useState(BEFORE)

  async function change<T extends object, V>({ document, variables, reason, changesIn }: Request<T, V>): Promise<Outcome<T>> {
    setProgress({ ...BEFORE, isSending: true })
    try {
      const data = await send(document, variables, reason)
      const errors = errorsIn(data)
      setProgress({ ...BEFORE, errors })
      if (errors.length > 0) return { data: null, errors }
      void show(changesIn(data))
      return { data, errors }
    } catch (failure) {
      setProgress({ ...BEFORE, failure: failure as Error })
      return { data: null, errors: [] }
    }
  }

  return { ...progress, change }
}
