import { useState } from 'react'
import { csvOf, save } from './csv'
import type { List } from './lists'
import { type Operation, reasonOf, type Result, send } from './program'
import { texts } from './texts'

interface Props {
  list: List
  operation: Operation
}

/** Files of a list: what the table has, or all rows, which the program writes. */
export function CsvButtons({ list, operation }: Props) {
  const [refusal, setRefusal] = useState('')

  async function saveAll() {
    const response = await send(operation, 'text/csv')
    if (response.ok) save(await response.blob(), `${list.name}.csv`)
    setRefusal(response.ok ? '' : reasonOf((await response.json() as Result).errors?.[0]))
  }

  return (
    <>
      <button type="button" onClick={() => { save(csvOf(list), `${list.name}.csv`) }}>{texts.csvTable}</button>
      <button type="button" title={texts.csvAllHint} onClick={() => { void saveAll() }}>{texts.csvAll}</button>
      {refusal !== '' && <span role="alert">{refusal}</span>}
    </>
  )
}
