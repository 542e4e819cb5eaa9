import type { GraphiQLPlugin } from '@graphiql/react'
import { type SubmitEvent, useState } from 'react'
import { type LegacyOperation, operationsOf } from './legacy'
import { sharedOf } from './links'
import { texts } from './texts'
import { useOpen } from './useOpen'

/** Finds the operation behind a legacy URL; the only one of a URL opens at once. */
function LegacyUrls() {
  const open = useOpen()
  const [url, setUrl] = useState('')
  const [found, setFound] = useState<LegacyOperation[] | null>(null)

  async function find(event: SubmitEvent) {
    event.preventDefault()
    const operations = await operationsOf(url)
    setFound(operations)
    if (operations.length === 1 && operations[0] !== undefined) open(sharedOf(operations[0]))
  }

  return (
    <section aria-label={texts.legacy} className="panel">
      <h2>{texts.legacy}</h2>
      <p>{texts.legacyHint}</p>
      <form onSubmit={(event) => { void find(event) }}>
        <label>
          {texts.legacyUrl}
          <input value={url} onChange={(event) => { setUrl(event.target.value) }} placeholder="/v1/..." required />
        </label>
        <button type="submit">{texts.legacyFind}</button>
      </form>
      {found?.length === 0 && <p role="status">{texts.legacyNone}</p>}
      <ul>
        {found?.map((operation) => (
          <li key={operation.operationName + operation.section}>
            <button type="button" onClick={() => { open(sharedOf(operation)) }}>
              {operation.summary} · {operation.operationName}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1m2 4a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1" strokeLinecap="round" />
    </svg>
  )
}

export const LEGACY_PLUGIN: GraphiQLPlugin = { title: texts.legacy, icon: Icon, content: LegacyUrls }
