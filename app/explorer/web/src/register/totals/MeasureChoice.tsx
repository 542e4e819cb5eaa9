import type { Measure } from './measures'
import { texts } from './texts'

interface Props {
  measures: readonly Measure[]
  chosen: Measure
  onChoose: (name: string) => void
}

/** Which totals are shown. */
export function MeasureChoice({ measures, chosen, onChoose }: Props) {
  return (
    <fieldset className="measures">
      <legend className="quiet">{texts.measure}</legend>
      {measures.map(({ name, title }) => (
        <label key={name}>
          <input type="radio" name="measure" checked={name === chosen.name} onChange={() => { onChoose(name) }} />
          {title}
        </label>
      ))}
    </fieldset>
  )
}
