import { ApolloClient, ApolloLink, InMemoryCache, gql } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { socketClient } from './sockets.mjs'

export function open(token) {
  let code
  const client = socketClient(token, { closed: (event) => { code = event.code } })
  const apollo = new ApolloClient({ link: ApolloLink.from([new GraphQLWsLink(client)]), cache: new InMemoryCache() })
  const follow = (query, field, variables, told, failed) => {
    apollo.subscribe({ query: gql(query), variables }).subscribe({
      next({ data, error }) {
        if (error) return failed(error)
        told(data[field])
      },
      error: failed,
    })
  }
  return {
    async ask(query, variables) {
      const isMutation = query.startsWith('mutation')
      const asked = isMutation ? apollo.mutate({ mutation: gql(query), variables }) : apollo.query({ query: gql(query), variables })
      return (await asked).data
    },
    follow: (query, field, variables, told) => { follow(query, field, variables, told, (error) => { throw error }) },
    refusal: (query) => new Promise((answer) => { follow(query, '', {}, () => {}, () => { answer(code) }) }),
    close: () => client.dispose(),
  }
}
