import { createContext } from 'react'
import type { Change } from '../touches'

/** Shows what is changed, in the answers that are cached and in the trees. */
export const ShowChanges = createContext<(changes: Change[]) => Promise<void>>(() => Promise.resolve())
