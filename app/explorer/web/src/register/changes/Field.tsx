import { type ReactElement, cloneElement, useId } from 'react'
import { errorsOf, type UserError } from './errors'
import { FieldErrors } from './FieldErrors'

interface Props {
  title: string
  /** Its name in the input of the mutation. */
  name: string
  errors: UserError[]
  /** An input or a select. */
  children: ReactElement<{ id?: string; 'aria-invalid'?: boolean; 'aria-describedby'?: string | undefined }>
}

/** A field of a form, and what the program has against its value. */
export function Field({ title, name, errors, children }: Props) {
  const id = useId()
  const own = errorsOf(errors, name)
  const described = own.length > 0 ? `${id}errors` : undefined
  return (
    <div className="field">
      <label htmlFor={id}>{title}</label>
      {cloneElement(children, { id, 'aria-invalid': own.length > 0, 'aria-describedby': described })}
      <FieldErrors id={`${id}errors`} errors={own} />
    </div>
  )
}
