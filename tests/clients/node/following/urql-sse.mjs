import { streamClient } from './graphql-sse.mjs'
import { openWith } from './urql.mjs'

export const open = (token, retryAttempts) => openWith(streamClient(token, retryAttempts), (error) => error.networkError.response.status)
