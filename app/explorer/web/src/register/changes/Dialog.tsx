import { type ReactNode, type SyntheticEvent, useId, useLayoutEffect, useRef } from 'react'

interface Props {
  title: string
  onClose: () => void
  /** Whether it stays open whatever is pressed. */
  isHeld?: boolean
  isWide?: boolean
  children: ReactNode
}

/** A modal dialog. The element with `data-first` gets the focus, which returns to where it was. */
export function Dialog({ title, onClose, isHeld = false, isWide = false, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()

  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    shown?.querySelector<HTMLElement>('[data-first]')?.focus()
    return () => { shown?.close() }
  }, [])

  /** Chromium closes a dialog at the second Escape in a row, whatever the first `cancel` was answered. */
  function closedByBrowser({ currentTarget: closed }: SyntheticEvent<HTMLDialogElement>) {
    if (closed.open || !closed.isConnected) return
    if (isHeld) closed.showModal()
    else onClose()
  }

  return (
    <dialog
      ref={dialog} className={isWide ? 'change wide' : 'change'} aria-labelledby={id}
      onClose={closedByBrowser} onCancel={(event) => { event.preventDefault(); if (!isHeld) onClose() }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  )
}
