/** Which answers a change of another person touches. */

export interface Difference {
  field: string
  before: string | null
  after: string | null
}

export interface Change {
  entity: string
  entityId: string
  operation: string
  changedFields: string[]
  /** Only of organisations and spaces. */
  differences?: Difference[]
}

/** Whether a change touches an answer. */
export type Touch = (change: Change, data: unknown) => boolean

/** The kinds of records besides organisations and spaces whose changes the page follows. */
export const FOLLOWED = ['customer', 'housing_record', 'parking_detail', 'property_relation', 'verification']

/** Touched by every change of these kinds of records. */
export function anyOf(...entities: string[]): Touch {
  return ({ entity }) => entities.includes(entity)
}

/** Touched by the changes of one record. */
export function only(entity: string, id: string): Touch {
  return (change) => change.entity === entity && change.entityId === id
}
