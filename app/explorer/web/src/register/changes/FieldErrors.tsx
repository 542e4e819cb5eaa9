import type { UserError } from './errors'

/** Errors of the program, in the words of the program. */
export function FieldErrors({ id, errors }: { id?: string; errors: UserError[] }) {
  if (errors.length === 0) return null
  return (
    <div id={id} className="errors" role="alert">
      {errors.map(({ message, path }) => <p key={`${path.join('.')} ${message}`}>{message}</p>)}
    </div>
  )
}
