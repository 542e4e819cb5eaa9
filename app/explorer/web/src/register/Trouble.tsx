import { texts } from './texts'

interface Props {
  error: Error
  onRetry: () => void
}

/** Why there is no answer, and a way to ask again. */
export function Trouble({ error, onRetry }: Props) {
  return (
    <p className="trouble" role="alert">
      {error.message} <button type="button" onClick={onRetry}>{texts.again}</button>
    </p>
  )
}
