// Apollo Client: the normalized cache, pages, mutations, persisted queries and errors.
import { createHash } from 'node:crypto'
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { relayStylePagination } from '@apollo/client/utilities'
import { token, url, warnings } from './login.mjs'

const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const client = (headers) =>
  new ApolloClient({
    link: ApolloLink.from([new PersistedQueryLink({ sha256 }), new HttpLink({ uri: url, headers })]),
    cache: new InMemoryCache({ typePolicies: { Query: { fields: { orgs: relayStylePagination() } } } }),
  })

const apollo = client({ authorization: `Bearer ${await token()}` })

const ME = gql`{ me { clientId admin { id name org { id name } } } }`
const { me } = (await apollo.query({ query: ME })).data

const PAGE = gql`query Page($after: String) {
  orgs(first: 2, after: $after) { edges { cursor node { id name version } } pageInfo { hasNextPage endCursor } }
}`
const pages = apollo.watchQuery({ query: PAGE })
const first = (await new Promise((answer) => pages.subscribe((result) => result.loading || answer(result)))).data.orgs
await pages.fetchMore({ variables: { after: first.pageInfo.endCursor } })
const orgs = apollo.readQuery({ query: PAGE }).orgs.edges.map((edge) => edge.node)

const RENAME = gql`mutation Rename($input: UpdateOrgInput!) {
  updateOrg(input: $input) { org { id name version } errors { code path } }
}`
const rename = async (name) => {
  const input = { id: orgs[0].id, expectedVersion: orgs[0].version, name }
  return (await apollo.mutate({ mutation: RENAME, variables: { input } })).data.updateOrg
}
await rename('by Apollo')
const renamed = apollo.readQuery({ query: PAGE }).orgs.edges[0].node.name
const conflict = (await rename('again')).errors.map(({ code, path }) => ({ code, path }))

const stranger = await client({}).query({ query: ME }).catch((error) => error)
const refusal = CombinedGraphQLErrors.is(stranger) && stranger.errors[0].extensions.code

console.log(JSON.stringify({ me: me.admin.name, ids: orgs.map(({ id }) => id), renamed, conflict, refusal, warnings }))
