export interface Choice {
  id: string
  title: string
  note: string
}

interface Props {
  label: string
  choices: readonly Choice[]
  /** The id of the one that is chosen; empty for none. */
  chosen: string
  onChoose: (id: string) => void
}

/** A list of records to choose one of. */
export function Choices({ label, choices, chosen, onChoose }: Props) {
  return (
    <ul className="choices" aria-label={label}>
      {choices.map(({ id, title, note }) => (
        <li key={id}>
          <button type="button" aria-pressed={id === chosen} onClick={() => { onChoose(id) }}>{title} <span className="quiet">{note}</span></button>
        </li>
      ))}
    </ul>
  )
}
