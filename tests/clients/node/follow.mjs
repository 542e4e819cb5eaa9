// Follows changes with the client named in the arguments, over a restart of the program, as the tests of clients ask.
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { token, warnings } from './login.mjs'

const [name] = process.argv.slice(2)
const { open } = await import(`./following/${name}.mjs`)

const CHANGES = `subscription Changes($after: String) {
  changes(filter: { entity: ["space"], entityId: ["18"] }, after: $after) { cursor change { operation entityId } }
}`
const SPACE = `subscription Space($after: String) {
  spaceChanged(id: "18", after: $after) { cursor space { id name } }
}`
const LAST = `query Last { me { clientId } space(id: "18") { id version } changeFeed(last: 1) { edges { cursor } } }`
const RENAME = `mutation Rename($input: UpdateSpaceInput!) {
  updateSpace(input: $input) { space { id name } errors { code } }
}`

const client = open(await token(), Infinity)
const { me, space, changeFeed } = await client.ask(LAST, {})
const after = changeFeed.edges[0].cursor
const names = []
const operations = []
const cursors = []
client.follow(SPACE, 'spaceChanged', { after }, (event) => { names.push(event.space.name); cursors.push(event.cursor) })
client.follow(CHANGES, 'changes', { after }, (event) => { operations.push(event.change.operation) })

const until = async (holds) => { while (!holds()) await sleep(50) }
const input = { id: '18', expectedVersion: space.version, name: `by ${name}` }
const { updateSpace } = await client.ask(RENAME, { input })
await until(() => names.length === 1 && operations.length === 1)
writeFileSync('first', '')
await until(() => names.includes('last') && operations.length >= names.length && existsSync('done'))
await sleep(500)
const told = { last: names.at(-1), operations: [...operations], cursors: cursors.map((cursor) => cursors.indexOf(cursor)) }
await client.close() // urql shows the last event once more

// graphql-sse also tries again after a refusal
const refusal = await open('wrong', 0).refusal(SPACE)
console.log(JSON.stringify({
  client: me.clientId, renamed: updateSpace.space.name, ...told, refusal, warnings,
}))
process.exit(0)
