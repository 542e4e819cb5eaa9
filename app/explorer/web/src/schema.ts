/** The schema, or why the program does not tell it. */
import { buildClientSchema, getIntrospectionQuery, type GraphQLSchema, type IntrospectionQuery } from 'graphql'
import { ask, reasonOf } from './program'

export interface Known {
  schema: GraphQLSchema | null
  notice: string
}

export async function askSchema(): Promise<Known> {
  const { data, errors } = await ask({ query: getIntrospectionQuery({ inputValueDeprecation: true }) })
  if (data !== undefined && data !== null) {
    return { schema: buildClientSchema(data as unknown as IntrospectionQuery), notice: '' }
  }
  return { schema: null, notice: reasonOf(errors?.[0]) }
}
