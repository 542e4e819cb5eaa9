/** Who is logged in, what they may do, and the organisations that they may work in. */
import { dataOf, Refusal } from './documents'
import { ExplorerCallerDocument, type ExplorerCallerQuery, ExplorerOrgsDocument, type ExplorerOrgsQuery } from './generated/graphql'

/** `me` is null without a log-in, where the program needs none. */
export type Caller = ExplorerCallerQuery

export type Org = NonNullable<ExplorerOrgsQuery['orgs']>['nodes'][number]

/** Return what is the same as long as the caller may see and do the same. */
export function rightsOf({ me }: Caller): string {
  return JSON.stringify([me?.admin?.account, me?.capabilities, me?.scopeOrgs])
}

const MOST_PAGES = 10

/** Return the caller, or null where a log-in is needed. */
export async function askCaller(): Promise<Caller | null> {
  return await dataOf(ExplorerCallerDocument, {}).catch(nullWithoutLogIn)
}

/**
 * Return the business organisations that the caller sees, by full name: a thousand at most. One that is renamed meanwhile may be
 * on two pages.
 */
export async function askOrgs(): Promise<Org[]> {
  const orgs = new Map<string, Org>()
  let after: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: ExplorerOrgsQuery | null = await dataOf(ExplorerOrgsDocument, { after }).catch(nullWithoutLogIn)
    for (const org of answer?.orgs?.nodes ?? []) orgs.set(org.id, org)
    after = answer?.orgs?.pageInfo.endCursor ?? null
    if (answer?.orgs?.pageInfo.hasNextPage !== true) break
  }
  return [...orgs.values()]
}

function nullWithoutLogIn(error: unknown): null {
  if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') return null
  throw error
}
