import { streamClient } from './graphql-sse.mjs'
import { openWith } from './urql.mjs'

export const open = (token) => openWith(streamClient(token), (error) => error.networkError.response.status)
