import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'

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

  return (
    <dialog
      ref={dialog} className={isWide ? 'change wide' : 'change'} aria-labelledby={id}
      onCancel={(event) => { event.preventDefault(); if (!isHeld) onClose() }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  )
}
