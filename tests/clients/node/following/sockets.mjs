import { createClient } from 'graphql-ws'
import { url } from '../login.mjs'
import { resuming } from './resuming.mjs'

export const socketClient = (token, on = {}) => resuming(createClient({
  url: url.replace('http', 'ws'),
  connectionParams: { authorization: `Bearer ${token}` },
  retryAttempts: Infinity,
  retryWait: () => new Promise((again) => { setTimeout(again, 200) }),
  shouldRetry: (problem) => problem.code !== 4403,
  keepAlive: 200, // a ping of the protocol every 200 ms
  on,
}))
