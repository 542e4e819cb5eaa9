import { Trouble } from '../Trouble'
import { texts as common } from '../texts'
import { type Choice, Choices } from './Choices'
import { Dialog } from './Dialog'

interface Props {
  title: string
  label: string
  /** What it says where there is nothing to choose. */
  none: string
  choices: readonly Choice[] | undefined
  error: Error | null
  onRetry: () => void
  onChoose: (id: string) => void
  onClose: () => void
}

/** Asks which record of a house is to be changed. */
export function Chooser({ title, label, none, choices, error, onRetry, onChoose, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      {error !== null && <Trouble error={error} onRetry={onRetry} />}
      {error === null && choices === undefined && <p className="loading" role="status">{common.loading}</p>}
      {choices?.length === 0 && <p className="quiet" role="status">{none}</p>}
      {choices !== undefined && choices.length > 0 && <Choices label={label} choices={choices} chosen="" onChoose={onChoose} />}
      <footer><button type="button" data-first="" onClick={onClose}>{common.close}</button></footer>
    </Dialog>
  )
}
