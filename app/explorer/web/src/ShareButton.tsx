import { useGraphiQL } from '@graphiql/react'
import { useState } from 'react'
import { linkTo } from './links'
import { texts } from './texts'

/** Copies a link to what is in the editor, and puts it into the address. */
export function ShareButton() {
  const queryEditor = useGraphiQL((state) => state.queryEditor)
  const variableEditor = useGraphiQL((state) => state.variableEditor)
  const operationName = useGraphiQL((state) => state.operationName) ?? ''
  const [isCopied, setIsCopied] = useState(false)

  async function share() {
    const link = linkTo({ query: queryEditor?.getValue() ?? '', variables: variableEditor?.getValue() ?? '', operationName })
    history.replaceState(null, '', link)
    await navigator.clipboard.writeText(link)
    setIsCopied(true)
    setTimeout(() => { setIsCopied(false) }, 2000)
  }

  return (
    <button type="button" className="share" title={texts.shareHint} onClick={() => { void share() }}>
      {isCopied ? texts.shared : texts.share}
    </button>
  )
}
