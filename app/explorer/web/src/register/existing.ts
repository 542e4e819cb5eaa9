import { texts } from './texts'

/** Return a record; an error that says that there is none where the program answers null. */
export function existing<T>(record: T | null): T {
  if (record === null) throw new Error(texts.none)
  return record
}
