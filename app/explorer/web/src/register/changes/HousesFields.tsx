import type { HousesForm } from './housePlan'
import { type NumberFormat, NUMBERINGS } from './houseNumbers'
import { texts } from './houseTexts'

interface Props {
  form: HousesForm
  hasBuilding: boolean
  onChange: (form: HousesForm) => void
}

const NUMBERS = ['firstFloor', 'lastFloor', 'housesPerFloor'] as const

/** Which floors and houses are added, and how they are named. */
export function HousesFields({ form, hasBuilding, onChange }: Props) {
  return (
    <div className="fields">
      {hasBuilding && (
        <label className="field">
          {texts.building}
          <input data-first="" value={form.building} onChange={({ target }) => { onChange({ ...form, building: target.value }) }} />
        </label>
      )}
      {NUMBERS.map((name, index) => (
        <label key={name} className="field">
          {texts[name]}
          <input
            type="number" min={1} data-first={index === 0 && !hasBuilding ? '' : undefined} value={Number.isNaN(form[name]) ? '' : form[name]}
            onChange={({ target }) => { onChange({ ...form, [name]: target.valueAsNumber }) }}
          />
        </label>
      ))}
      <label className="field">
        {texts.floorName}
        <input value={form.floorName} onChange={({ target }) => { onChange({ ...form, floorName: target.value }) }} />
      </label>
      <label className="field">
        {texts.prefix}
        <input value={form.prefix} onChange={({ target }) => { onChange({ ...form, prefix: target.value }) }} />
      </label>
      <label className="field">
        {texts.format}
        <select value={form.format} onChange={({ target }) => { onChange({ ...form, format: target.value as NumberFormat }) }}>
          {Object.keys(NUMBERINGS).map((each) => <option key={each}>{each}</option>)}
        </select>
      </label>
    </div>
  )
}
