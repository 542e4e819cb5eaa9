import { useState } from 'react'
import { save } from '../../csv'
import { fileOf } from '../../documents'
import type { Listed } from './conditions'
import { LIST_DOCUMENTS, type variablesOf } from './lists'
import { texts } from './texts'

interface Props {
  listed: Listed
  variables: ReturnType<typeof variablesOf>
  /** The name of the files, without what says their kind. */
  name: string
}

const FILES = [
  { kind: 'csv', type: 'text/csv' },
  { kind: 'xlsx', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
]

/** Saves all rows of a list as a file, which the program writes. */
export function FileButtons({ listed, variables, name }: Props) {
  const [isBusy, setIsBusy] = useState(false)
  const [trouble, setTrouble] = useState('')

  async function download(kind: string, type: string) {
    setIsBusy(true)
    setTrouble('')
    try {
      save(await fileOf(LIST_DOCUMENTS[listed].file, variables, type), `${name}.${kind}`)
    } catch (error) {
      setTrouble((error as Error).message)
    }
    setIsBusy(false)
  }

  return (
    <>
      {FILES.map(({ kind, type }) => (
        <button key={kind} type="button" disabled={isBusy} title={texts.fileHint} onClick={() => { void download(kind, type) }}>
          {kind.toUpperCase()}
        </button>
      ))}
      {trouble !== '' && <span className="trouble" role="alert">{trouble}</span>}
    </>
  )
}
