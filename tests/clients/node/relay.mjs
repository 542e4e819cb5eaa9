// Relay: one store for all records by their ids, pages, mutations and errors.
import relay from 'relay-runtime'
import Me from './relay/__generated__/queriesMeQuery.graphql.js'
import Orgs from './relay/__generated__/queriesOrgsQuery.graphql.js'
import Page from './relay/__generated__/queriesPageQuery.graphql.js'
import orgsFragment from './relay/__generated__/queries_orgs.graphql.js'
import Rename from './relay/__generated__/queriesRenameMutation.graphql.js'
import { token, url, warnings } from './login.mjs'

const { Environment, Network, RecordSource, Store } = relay
const open = (headers) =>
  new Environment({
    network: Network.create(async ({ text: query }, variables) => {
      const body = JSON.stringify({ query, variables })
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
      return response.json()
    }),
    store: new Store(new RecordSource()),
  })

const store = open({ authorization: `Bearer ${await token('yanggc4')}` })
const { me, admin, node } = await relay.fetchQuery(store, Me, { id: '1' }).toPromise()
const me_is_admin = store.getStore().getSource().get('1').__typename === 'Admin' && me.admin.name === admin.name

const environment = open({ authorization: `Bearer ${await token()}` })
const operation = relay.createOperationDescriptor(Orgs, {})
environment.retain(operation)
await relay.fetchQuery(environment, Orgs, {}).toPromise()
const shown = () => {
  const root = environment.lookup(operation.fragment).data
  return environment.lookup(relay.getSingularSelector(orgsFragment, root)).data.orgs
}
await relay.fetchQuery(environment, Page, { count: 2, cursor: shown().pageInfo.endCursor }).toPromise()
const orgs = shown().edges.map((edge) => edge.node)

const rename = (name) =>
  new Promise((onCompleted, onError) => {
    const variables = { input: { id: orgs[0].id, expectedVersion: orgs[0].version, name } }
    relay.commitMutation(environment, { mutation: Rename, variables, onCompleted, onError })
  })
await rename('by Relay')
const renamed = shown().edges[0].node.name
const conflict = (await rename('again')).updateOrg.errors.map(({ code, path }) => ({ code, path }))

const stranger = await relay.fetchQuery(open({}), Me, { id: '1' }).toPromise().catch((error) => error)
const refusal = stranger.source.errors[0].extensions.code

const result = { me: me.admin.name, ids: orgs.map(({ id }) => id), renamed, conflict, refusal, warnings }
console.log(JSON.stringify({ ...result, me_is_admin, node: node.__typename }))
