import { createContext, type ReactNode } from 'react'

/** Opens a dialog over the record, or closes it with null: it stays when the view that asked for it goes. */
export const OpenDialog = createContext<(dialog: ReactNode) => void>(() => undefined)
