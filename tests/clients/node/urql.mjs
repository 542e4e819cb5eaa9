// urql with its normalized cache, Graphcache: records by id, pages, mutations and errors.
import { Client, fetchExchange, gql } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { getIntrospectionQuery } from 'graphql'
import { token, url, warnings } from './login.mjs'

const headers = { authorization: `Bearer ${await token()}` }
const open = (exchanges, headers) => new Client({ url, exchanges, fetchOptions: { headers } })
const introspected = await open([fetchExchange], headers).query(getIntrospectionQuery(), {})
const cache = cacheExchange({
  schema: introspected.data,
  keys: { Me: () => null },
  resolvers: { Query: { orgs: relayPagination() } },
})
const client = open([cache, fetchExchange], headers)

const ME = gql`{ me { clientId admin { id name org { id name } } } }`
const { me } = (await client.query(ME, {})).data

const PAGE = gql`query Page($after: String) {
  orgs(first: 2, after: $after) { edges { cursor node { id name version } } pageInfo { hasNextPage endCursor } }
}`
const page = async (after) => (await client.query(PAGE, { after })).data.orgs
const { pageInfo } = await page()
const orgs = (await page(pageInfo.endCursor)).edges.map((edge) => edge.node)

const RENAME = gql`mutation Rename($input: UpdateOrgInput!) {
  updateOrg(input: $input) { org { id name version } errors { code path } }
}`
const rename = async (name) => {
  const input = { id: orgs[0].id, expectedVersion: orgs[0].version, name }
  return (await client.mutation(RENAME, { input })).data.updateOrg
}
await rename('by urql')
const renamed = (await page()).edges[0].node.name
const conflict = (await rename('again')).errors.map(({ code, path }) => ({ code, path }))

const stranger = await open([fetchExchange], {}).query(ME, {})
const refusal = stranger.error.graphQLErrors[0].extensions.code

const result = { me: me.admin.name, ids: orgs.map(({ id }) => id), renamed, conflict, refusal, warnings }
console.log(JSON.stringify(result))
