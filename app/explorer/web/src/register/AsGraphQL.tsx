import { textOf } from '../documents'
import type { TypedDocumentString } from '../generated/graphql'
import { pathTo } from '../links'
import { PageLink } from '../PageLink'
import { texts } from './texts'

interface Props<T, V> {
  document: TypedDocumentString<T, V>
  variables: V
}

/** The query of a view, and a link that opens it in GraphiQL. */
export function AsGraphQL<T, V>({ document, variables }: Props<T, V>) {
  const query = textOf(document)
  const given = JSON.stringify(variables, null, 2)
  return (
    <details className="as-graphql">
      <summary>{texts.asGraphQL}</summary>
      <PageLink to={pathTo({ query, variables: given, operationName: '' })}>{texts.openInGraphiQL}</PageLink>
      <pre tabIndex={0}>{query}</pre>
      <p>{texts.variables}</p>
      <pre tabIndex={0}>{given}</pre>
    </details>
  )
}
