/** Who is logged in, what they may do, and the organisations that they may work in. */
import { ask, type Operation, reasonOf } from './program'

export interface Org {
  id: string
  fullName: string
}

export interface Me {
  clientId: string
  capabilities: string[]
  admin: { name: string; account: string } | null
}

export interface Caller {
  /** Null without a log-in, where the program needs none. */
  me: Me | null
}

interface Page {
  orgs: { nodes: Org[]; pageInfo: { endCursor: string | null; hasNextPage: boolean } }
}

const ME = 'query ExplorerCaller { me { clientId capabilities admin { name account } } }'
const ORGS = `query ExplorerOrgs($after: String) {
  orgs(first: 100, after: $after, filter: { type: { eq: BUSINESS } }, orderBy: [{ field: FULL_NAME }]) {
    nodes { id fullName }
    pageInfo { endCursor hasNextPage }
  }
}`
const MOST_PAGES = 10

/** Return the caller, or null where a log-in is needed. */
export async function askCaller(): Promise<Caller | null> {
  return await dataOf<Caller>({ query: ME })
}

/** Return the business organisations that the caller sees, by full name: a thousand at most. */
export async function askOrgs(): Promise<Org[]> {
  const orgs: Org[] = []
  let after: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const data: Page | null = await dataOf<Page>({ query: ORGS, variables: { after } })
    orgs.push(...(data?.orgs.nodes ?? []))
    after = data?.orgs.pageInfo.endCursor ?? null
    if (data?.orgs.pageInfo.hasNextPage !== true) break
  }
  return orgs
}

async function dataOf<T>(operation: Operation): Promise<T | null> {
  const { data, errors } = await ask(operation)
  if (errors?.some((error) => error.extensions?.code === 'UNAUTHENTICATED') === true) return null
  if (data === undefined || data === null) throw new Error(reasonOf(errors?.[0]))
  return data as T
}
