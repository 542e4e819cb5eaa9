import { socketClient } from './sockets.mjs'

export function open(token) {
  let pongs = 0
  const client = socketClient(token, { pong: () => { pongs += 1 } })
  return {
    ask: (query, variables) => new Promise((answer, fail) => {
      let data
      client.subscribe({ query, variables }, { next: (result) => { data = result.data }, error: fail, complete: () => { answer(data) } })
    }),
    follow(query, field, variables, told) {
      const next = ({ data }) => { told(data[field]) }
      client.subscribe({ query, variables }, { next, error: (error) => { throw error }, complete() {} })
    },
    refusal: (query) => new Promise((answer) => {
      client.subscribe({ query }, { next() {}, error: ({ code }) => { answer(code) }, complete() {} })
    }),
    async close() {
      await client.dispose()
      if (pongs === 0) throw new Error('no ping was answered')
    },
  }
}
