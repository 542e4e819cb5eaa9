// The exchange of urql with a client of either protocol.
import { Client, subscriptionExchange } from '@urql/core'
import { socketClient } from './sockets.mjs'

export function openWith(client, codeOf) {
  const forwardSubscription = ({ query, variables }) => ({
    subscribe: (sink) => ({ unsubscribe: client.subscribe({ query, variables }, sink) }),
  })
  const urql = new Client({
    url: 'none', exchanges: [subscriptionExchange({ forwardSubscription, enableAllOperations: true })],
  })
  return {
    async ask(query, variables) {
      const { data, error } = await (query.startsWith('mutation') ? urql.mutation(query, variables) : urql.query(query, variables))
      if (error) throw error
      return data
    },
    follow(query, field, variables, told) {
      urql.subscription(query, variables).subscribe(({ data, error }) => {
        if (error) throw error
        told(data[field])
      })
    },
    refusal: (query) => new Promise((answer) => {
      urql.subscription(query, {}).subscribe(({ error }) => { answer(codeOf(error)) })
    }),
    close: () => client.dispose(),
  }
}

export const open = (token) => openWith(socketClient(token), (error) => error.networkError.code)
