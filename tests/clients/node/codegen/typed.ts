// A client that knows the type of every answer; tsc checks the types, and Node runs it.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { graphql } from './generated/index.ts'

const { ADDRESS: address, TOKEN: token } = process.env

async function ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ query: print(document), variables })
  const response = await fetch(`${address}/graphql`, { method: 'POST', headers, body })
  return ((await response.json()) as { data: Data }).data
}

const ME = graphql(`query Me { me { clientId admin { id name sex createdAt } } }`)
const ORGS = graphql(`query Orgs($filter: OrgFilter) { orgs(filter: $filter, first: 4) { nodes { id type } totalCount } }`)

const { me } = await ask(ME, {})
const { orgs } = await ask(ORGS, { filter: { type: { eq: 'ADMINISTRATIVE' } } })
const types: ('ADMINISTRATIVE' | 'BUSINESS')[] = orgs?.nodes.map((org) => org.type) ?? []
const name: string | undefined = me?.admin?.name
// @ts-expect-error - a field that was not selected
console.error(me?.admin?.phone)
console.log(JSON.stringify({ me: name, types: [...new Set(types)] }))
