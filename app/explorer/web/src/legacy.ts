/** The operations behind the legacy URLs, which the description of those URLs has. */
import { urlOf } from './addresses'
import type { Operation } from './program'

export interface LegacyOperation extends Operation {
  section: string
  operationName: string
  summary: string
}

interface Described {
  summary?: string
  'x-graphql'?: Omit<LegacyOperation, 'summary'>[]
}

interface Description {
  paths: Record<string, Record<string, Described>>
}

let description: Promise<Description> | null = null

async function describe(): Promise<Description> {
  description ??= fetch(urlOf('openapi.json')).then(async (response) => await response.json() as Description)
  return description
}

/** Return the operations behind a URL or a path; literal segments count before parameters. */
export async function operationsOf(url: string): Promise<LegacyOperation[]> {
  const asked = pathOf(url)
  const { paths } = await describe()
  const matching = Object.keys(paths).filter((path) => pattern(path).test(asked))
  const best = matching.sort((one, other) => parametersIn(one) - parametersIn(other))[0]
  return best === undefined ? [] : Object.values(paths[best] ?? {}).flatMap(operationsIn)
}

function operationsIn(described: Described): LegacyOperation[] {
  return (described['x-graphql'] ?? []).map((each) => ({ ...each, summary: described.summary ?? '' }))
}

/** The path of a URL, from its version on, without the method that may stand before it. */
function pathOf(url: string): string {
  const bare = url.trim().replace(/^(GET|POST|PUT|PATCH|DELETE)\s+/i, '').replace(/^https?:\/\/[^/]+/i, '')
  return `/${bare.replace(/[?#].*$/, '').replaceAll(/^\/+|\/+$/g, '')}`
}

function pattern(path: string): RegExp {
  const segments = path.split('/').map((each) => each.startsWith('{') ? '[^/]+' : each.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&'))
  return new RegExp(`^(/.*)?${segments.join('/')}$`)
}

function parametersIn(path: string): number {
  return path.split('{').length
}
