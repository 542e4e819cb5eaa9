import { enumTexts } from '../../generated/enums'
import { titleOf } from '../titles'
import type { UserError } from './errors'
import { Field } from './Field'

type Enumeration = keyof typeof enumTexts

interface Props<E extends Enumeration, V extends string> {
  title: string
  /** Its name in the input of the mutation. */
  name: string
  type: E
  values?: readonly V[]
  value: V
  errors: UserError[]
  onChange: (value: V) => void
}

/** A field that takes a value of an enumeration, all of them by default. */
export function EnumField<E extends Enumeration, V extends string & keyof (typeof enumTexts)[E]>(
  { title, name, type, values, value, errors, onChange }: Props<E, V>,
) {
  const offered = values ?? Object.keys(enumTexts[type]) as V[]
  return (
    <Field title={title} name={name} errors={errors}>
      <select value={value} onChange={(event) => { onChange(event.target.value as V) }}>
        {offered.map((each) => <option key={each} value={each}>{titleOf(type, each)}</option>)}
      </select>
    </Field>
  )
}
