import { enumTexts } from '../../generated/enums'
import { titleOf } from '../titles'
import type { Conditions, Listed } from './conditions'
import { texts } from './texts'

interface Props {
  listed: Listed
  conditions: Conditions
  onChange: (conditions: Conditions) => void
}

const TYPES = { spaces: 'SpaceType', orgs: 'OrgType' } as const

/** Narrows the table by name, type and status. */
export function ConditionFields({ listed, conditions, onChange }: Props) {
  return (
    <>
      <label>
        {texts.nameContains}
        <input type="search" value={conditions.name} onChange={(event) => { onChange({ ...conditions, name: event.target.value }) }} />
      </label>
      <Choice
        title={texts.type} type={TYPES[listed]} value={conditions.type}
        onChange={(type) => { onChange({ ...conditions, type: type as Conditions['type'] }) }}
      />
      <Choice
        title={texts.status} type="Status" value={conditions.status}
        onChange={(status) => { onChange({ ...conditions, status: status as Conditions['status'] }) }}
      />
    </>
  )
}

interface ChoiceProps {
  title: string
  type: 'SpaceType' | 'OrgType' | 'Status'
  value: string
  onChange: (value: string) => void
}

function Choice({ title, type, value, onChange }: ChoiceProps) {
  return (
    <label>
      {title}
      <select value={value} onChange={(event) => { onChange(event.target.value) }}>
        <option value="">{texts.any}</option>
        {Object.keys(enumTexts[type]).map((each) => <option key={each} value={each}>{titleOf(type, each as never)}</option>)}
      </select>
    </label>
  )
}
