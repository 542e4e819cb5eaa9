import { useState } from 'react'
import type { RegisterRecord } from '../record/records'
import { texts as searchTexts } from '../search/texts'
import { useSettled } from '../search/useSettled'
import { newTreeStore } from '../tree/treeStore'
import { TreeView } from '../tree/TreeView'
import { treeOf } from './nodes'
import { texts } from './nodeTexts'
import { ParentsFound } from './ParentsFound'

interface Props {
  record: RegisterRecord
  /** The id of the new parent; empty for none yet, null for the top. */
  chosen: string | null
  onChoose: (id: string | null) => void
}

/** Chooses a parent in a tree, or among what a search finds in it. */
export function ParentPicker({ record, chosen, onChoose }: Props) {
  const tree = treeOf(record)
  const [store] = useState(() => newTreeStore(tree))
  const [typed, setTyped] = useState('')
  const name = useSettled(typed.trim())
  const shown = chosen === '' || chosen === null ? record.parentId ?? record.id : chosen
  return (
    <fieldset className="picker">
      <legend>{texts.newParent}</legend>
      {record.type === 'COMMUNITY' && record.parentId !== null && (
        <button type="button" aria-pressed={chosen === null} onClick={() => { onChoose(null) }}>{texts.top}</button>
      )}
      <input
        type="search" data-first="" aria-label={searchTexts.search} placeholder={searchTexts.search} value={typed}
        onChange={(event) => { setTyped(event.target.value) }}
      />
      {name === ''
        ? <TreeView store={store} place={{ tree, record: shown, view: '' }} label={texts.newParent} onChoose={onChoose} />
        : <ParentsFound tree={tree} name={name} chosen={chosen ?? ''} onChoose={onChoose} />}
    </fieldset>
  )
}
