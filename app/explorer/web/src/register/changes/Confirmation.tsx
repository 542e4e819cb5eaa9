import type { UserError } from './errors'
import { FieldErrors } from './FieldErrors'

interface Props {
  title: string
  /** What the program wants confirmed. */
  errors: UserError[]
  isGiven: boolean
  onChange: (isGiven: boolean) => void
}

/** Says what the program wants confirmed, and confirms it; nothing is shown before the program asks. */
export function Confirmation({ title, errors, isGiven, onChange }: Props) {
  if (errors.length === 0 && !isGiven) return null
  return (
    <div className="confirmation">
      <FieldErrors errors={errors} />
      <label className="check">
        <input type="checkbox" checked={isGiven} onChange={(event) => { onChange(event.target.checked) }} /> {title}
      </label>
    </div>
  )
}
