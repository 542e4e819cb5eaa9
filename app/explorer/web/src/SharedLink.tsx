import { useGraphiQL } from '@graphiql/react'
import { useEffect } from 'react'
import { takeShared } from './links'
import { useOpen } from './useOpen'

/** Opens the operation that the address names, now and when another link is followed on this page. */
export function SharedLink() {
  const open = useOpen()
  const isReady = useGraphiQL((state) => state.queryEditor !== undefined && state.variableEditor !== undefined)

  useEffect(() => {
    function follow() {
      const shared = takeShared()
      if (shared !== null) open(shared)
    }
    if (isReady) follow()
    addEventListener('hashchange', follow)
    return () => { removeEventListener('hashchange', follow) }
  }, [isReady, open])

  return null
}
