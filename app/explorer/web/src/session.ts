/** The tokens of the log-in. They are in the memory of the page only: a reload needs another log-in. */
import { urlOf } from './addresses'
import { createStore } from './store'
import { texts } from './texts'

interface TokenResponse {
  access_token: string
  refresh_token: string
  expires_in: number
}

interface Tokens {
  access: string
  refresh: string
  /** In milliseconds, on the clock of the page. */
  renewAt: number
}

const RENEW_SECONDS = 60
const SERVER_ERROR = 500
const MOST_REVOCATIONS = 5
export const CLIENT_ID = 'explorer'

let tokens: Tokens | null = null
let renewing: Promise<void> | null = null

/** Whether there is a log-in. */
export const loggedIn = createStore(false)

/** Whether a log-in has ended without a log-out. */
export const isOver = createStore(false)

/** Ask for tokens. A refusal ends the log-in; a program that cannot answer now does not. */
export async function takeTokens(form: Record<string, string>): Promise<void> {
  keep(await newTokens(form))
}

async function newTokens(form: Record<string, string>): Promise<Tokens> {
  const response = await fetch(urlOf('oauth/token'), { method: 'POST', body: new URLSearchParams(form) })
  if (response.status >= SERVER_ERROR) throw new Error(texts.failed)
  if (!response.ok) {
    isOver.set(loggedIn.get())
    forget()
    throw new Error(texts.logInFailed)
  }
  const taken = await response.json() as TokenResponse
  return {
    access: taken.access_token,
    refresh: taken.refresh_token,
    renewAt: performance.now() + (taken.expires_in - RENEW_SECONDS) * 1000,
  }
}

function keep(taken: Tokens): void {
  tokens = taken
  loggedIn.set(true)
}

/** Return an access token that is valid for a minute at least, or null without a log-in. */
export async function accessToken(): Promise<string | null> {
  if (tokens !== null && performance.now() > tokens.renewAt) await renew()
  return tokens === null ? null : tokens.access
}

/** Exchange the refresh token, which is valid once: requests at the same time wait for one exchange. */
export async function renew(): Promise<void> {
  if (tokens === null) return
  renewing ??= exchange(tokens).finally(() => { renewing = null })
  await renewing
}

/** After a log-out the new tokens are not kept: they are revoked like those that they replace. */
async function exchange(spent: Tokens): Promise<void> {
  const taken = await newTokens({ grant_type: 'refresh_token', client_id: CLIENT_ID, refresh_token: spent.refresh })
  if (tokens === spent) keep(taken)
  else await revoke(taken.refresh)
}

/** End the log-in here and in the program. */
export async function logOut(): Promise<void> {
  const refresh = tokens?.refresh ?? ''
  forget()
  await revoke(refresh)
}

/** Revoke a refresh token; without an answer again after a while, or when there is a connection. */
async function revoke(token: string): Promise<void> {
  const body = new URLSearchParams({ client_id: CLIENT_ID, token })
  for (let tried = 1; ; tried++) {
    const isDone = await fetch(urlOf('oauth/revoke'), { method: 'POST', body, keepalive: true })
      .then(({ status }) => status < SERVER_ERROR, () => false)
    if (isDone) return
    if (tried === MOST_REVOCATIONS) throw new Error(texts.notRevoked)
    await connection(2 ** tried * 1000)
  }
}

/** Wait until the browser has a connection; if it says that it has one, for some milliseconds. */
async function connection(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    if (navigator.onLine) setTimeout(resolve, milliseconds)
    else addEventListener('online', resolve, { once: true })
  })
}

export function forget(): void {
  tokens = null
  loggedIn.set(false)
}
