// Follows the changes of a space over a restart of the program; the arguments name the client and the space.
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { token, warnings } from './login.mjs'

const [name, id] = process.argv.slice(2)
const { open } = await import(`./following/${name}.mjs`)

const CHANGES = `subscription Changes($id: ID!, $after: String) {
  changes(filter: { entity: ["space"], entityId: [$id] }, after: $after) { cursor change { operation entityId } }
}`
const SPACE = `subscription Space($id: ID!, $after: String) {
  spaceChanged(id: $id, after: $after) { cursor space { id name } }
}`
const LAST = `query Last($id: ID!) { me { clientId } space(id: $id) { id version } changeFeed(last: 1) { edges { cursor } } }`
const RENAME = `mutation Rename($input: UpdateSpaceInput!) {
  updateSpace(input: $input) { space { id name } errors { code } }
}`

const client = open(await token(), Infinity)
const { me, space, changeFeed } = await client.ask(LAST, { id })
const after = changeFeed.edges[0].cursor
const names = []
const operations = []
const cursors = []
client.follow(SPACE, 'spaceChanged', { id, after }, (event) => { names.push(event.space.name); cursors.push(event.cursor) })
client.follow(CHANGES, 'changes', { id, after }, (event) => { operations.push(event.change.operation) })

const until = async (holds) => { while (!holds()) await sleep(50) }
const input = { id, expectedVersion: space.version, name: `by ${name}` }
const { updateSpace } = await client.ask(RENAME, { input })
await until(() => names.length === 1 && operations.length === 1)
writeFileSync('first', '')
await until(() => names.includes('last') && operations.length >= names.length && existsSync('done'))
await sleep(500)
const told = { last: names.at(-1), operations: [...operations], cursors: cursors.map((cursor) => cursors.indexOf(cursor)) }
await client.close() // urql shows the last event once more

// graphql-sse also tries again after a refusal
const refusal = await open('wrong', 0).refusal('subscription { changes { cursor } }')
console.log(JSON.stringify({
  client: me.clientId, renamed: updateSpace.space.name, ...told, refusal, warnings,
}))
process.exit(0)
