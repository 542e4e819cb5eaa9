import { useEffect, useState } from 'react'

const PAUSE_MS = 250

/** Return a value as it was when it last rested for a moment, so that typing sends no request for each letter. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)

  useEffect(() => {
    const timer = setTimeout(() => { setSettled(value) }, PAUSE_MS)
    return () => { clearTimeout(timer) }
  }, [value])

  return settled
}
