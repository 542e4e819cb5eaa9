import { createClient } from 'graphql-sse'
import { url } from '../login.mjs'
import { resuming } from './resuming.mjs'

export const streamClient = (token, retryAttempts) => resuming(createClient({
  url,
  headers: { authorization: `Bearer ${token}` },
  retryAttempts,
  retry: () => new Promise((again) => { setTimeout(again, 200) }),
}))

export function open(token, retryAttempts) {
  const client = streamClient(token, retryAttempts)
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
      client.subscribe({ query }, { next() {}, error: ({ response }) => { answer(response.status) }, complete() {} })
    }),
    close() { client.dispose() },
  }
}
