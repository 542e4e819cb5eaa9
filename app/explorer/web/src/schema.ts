/** The schema, or why the program does not tell it. */
import { buildClientSchema, getIntrospectionQuery, type GraphQLSchema, type IntrospectionQuery } from 'graphql'
import { ask } from './program'
import { texts } from './texts'

export interface Known {
  schema: GraphQLSchema | null
  notice: string
}

const NOTICES: Record<string, string> = {
  INTROSPECTION_REFUSED: texts.introspectionOff,
  DOCUMENT_NOT_TRUSTED: texts.trustedOnly,
}

export async function askSchema(): Promise<Known> {
  const { data, errors } = await ask({ query: getIntrospectionQuery({ inputValueDeprecation: true }) })
  if (data !== undefined && data !== null) {
    return { schema: buildClientSchema(data as unknown as IntrospectionQuery), notice: '' }
  }
  const failure = errors?.[0]
  return { schema: null, notice: NOTICES[failure?.extensions?.code ?? ''] ?? failure?.message ?? texts.failed }
}
