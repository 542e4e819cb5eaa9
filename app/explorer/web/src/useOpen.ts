import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useCallback } from 'react'
import type { Shared } from './links'

/** Return what opens an operation in the editor: in the tab that is shown if it is empty, otherwise in a new one. */
export function useOpen(): (operation: Shared) => void {
  const actions = useGraphiQLActions()
  const queryEditor = useGraphiQL((state) => state.queryEditor)
  const variableEditor = useGraphiQL((state) => state.variableEditor)

  return useCallback(({ query, variables, operationName }: Shared) => {
    if (queryEditor?.getValue().trim() !== '') actions.addTab()
    queryEditor?.setValue(query)
    variableEditor?.setValue(variables)
    if (operationName !== '') actions.setOperationName(operationName)
  }, [actions, queryEditor, variableEditor])
}
