/** Why the program has not written, for the person who filled in the form. */

/** An expected failure, as payloads of mutations have it. */
export interface UserError {
  code: string
  message: string
  /** Such as `input`, `name`. */
  path: string[]
  index?: number | null
}

/** Return the errors of a field of the form, and of the fields inside it. */
export function errorsOf(errors: UserError[], field: string): UserError[] {
  return errors.filter(({ path }) => path.includes(field))
}

/** Return the errors of none of the fields. */
export function errorsBeside(errors: UserError[], fields: readonly string[]): UserError[] {
  return errors.filter(({ path }) => !path.some((each) => fields.includes(each)))
}

/** Whether others have changed the record since it was read. */
export function isConflict({ code, path }: UserError): boolean {
  return code === 'CONFLICT' && path.includes('expectedVersion')
}
