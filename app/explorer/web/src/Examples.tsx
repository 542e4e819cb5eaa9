import type { GraphiQLPlugin } from '@graphiql/react'
import { useEffect, useState } from 'react'
import { urlOf } from './addresses'
import { language } from './inBoth'
import { texts } from './texts'
import { useOpen } from './useOpen'

interface Example {
  name: string
  zh: string
  en: string
  query: string
}

/** The examples of the program; a click opens one in the editor. */
function Examples() {
  const open = useOpen()
  const [examples, setExamples] = useState<Example[]>([])

  useEffect(() => {
    fetch(urlOf('explorer/examples.json'))
      .then(async (response) => { setExamples(await response.json() as Example[]) })
      .catch(() => { setExamples([]) })
  }, [])

  return (
    <section aria-label={texts.examples} className="panel">
      <h2>{texts.examples}</h2>
      <ul>
        {examples.map(({ name, query, ...titles }) => (
          <li key={name}>
            <button type="button" onClick={() => { open({ query: `# ${titles[language]}\n${query}`, variables: '', operationName: '' }) }}>
              {titles[language]}
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
      <path d="M4 6h2m3 0h11M4 12h2m3 0h11M4 18h2m3 0h11" strokeLinecap="round" />
    </svg>
  )
}

export const EXAMPLES_PLUGIN: GraphiQLPlugin = { title: texts.examples, icon: Icon, content: Examples }
