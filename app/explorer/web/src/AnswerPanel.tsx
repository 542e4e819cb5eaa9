import { useGraphiQL } from '@graphiql/react'
import { useEffect, useMemo, useState } from 'react'
import { activeTab, answers } from './answers'
import { AnswerTable } from './AnswerTable'
import { CostLine } from './CostLine'
import { CsvButtons } from './CsvButtons'
import { listsIn } from './lists'
import { useStore } from './store'
import { texts } from './texts'

/** What is below an answer: its cost, its lists as tables, and files of them. */
export function AnswerPanel() {
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id ?? '')
  const answer = useStore(answers).get(tab)
  const [isTable, setIsTable] = useState(false)
  const [chosen, setChosen] = useState('')
  const lists = useMemo(() => listsIn(answer?.result.data), [answer])
  const list = lists.find(({ name }) => name === chosen) ?? lists[0]

  useEffect(() => { activeTab.set(tab) }, [tab])

  if (answer === undefined) return null
  return (
    <section className="answer" aria-label={texts.answer}>
      {isTable && list !== undefined && <AnswerTable list={list} />}
      <div className="line">
        <CostLine answer={answer} />
        {lists.length > 1 && isTable && (
          <label>
            {texts.list}
            <select value={list?.name} onChange={(event) => { setChosen(event.target.value) }}>
              {lists.map(({ name }) => <option key={name}>{name}</option>)}
            </select>
          </label>
        )}
        {list !== undefined && (
          <>
            <button type="button" aria-pressed={isTable} onClick={() => { setIsTable(!isTable) }}>{isTable ? texts.json : texts.table}</button>
            <CsvButtons list={list} operation={answer.operation} />
          </>
        )}
      </div>
    </section>
  )
}
