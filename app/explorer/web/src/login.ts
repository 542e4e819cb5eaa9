/**
 * Log-in by authorization code with PKCE: the browser leaves for the log-in page and comes back with a code.
 *
 * Only what proves that the code is ours waits in the storage of the tab meanwhile. It is no token, and is removed at once.
 */
import { pathHere, urlOf, WORKBENCH } from './addresses'
import { challengeOf, randomText } from './pkce'
import { replace, route } from './route'
import { CLIENT_ID, takeTokens } from './session'
import { texts } from './texts'

const PENDING = 'cadastre-explorer-log-in'
const METADATA = '.well-known/oauth-authorization-server'
const START = 'login'

interface Pending {
  verifier: string
  state: string
  redirectUri: string
  /** The path that the log-in comes back to, with its query and its fragment. */
  path: string
}

interface Metadata {
  issuer: string
  authorization_endpoint: string
}

/** Leave for the log-in page; from another address than the public one, go there first, which `isThere` says is done. */
export async function logIn(isThere = false): Promise<void> {
  const metadata = await (await fetch(urlOf(METADATA))).json() as Metadata
  const redirectUri = `${metadata.issuer}/${WORKBENCH}`
  if (redirectUri !== urlOf(WORKBENCH)) {
    if (isThere) throw new Error(texts.otherAddress(metadata.issuer))
    location.assign(marked(`${metadata.issuer}/${pathHere()}`))
    return
  }
  if (!isSecureContext) throw new Error(texts.needsHttps)
  const pending = { verifier: randomText(), state: randomText(), redirectUri, path: pathHere() }
  sessionStorage.setItem(PENDING, JSON.stringify(pending))
  location.assign(`${metadata.authorization_endpoint}?${await requestOf(pending)}`)
}

/** The URL with the mark that begins a log-in there. */
function marked(url: string): string {
  const result = new URL(url)
  result.searchParams.set(START, '')
  return result.href
}

function unmarked(url: string): string {
  const result = new URL(url)
  result.searchParams.delete(START)
  return result.href
}

async function requestOf({ verifier, state, redirectUri }: Pending): Promise<string> {
  return new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: redirectUri,
    state,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: 'S256',
  }).toString()
}

/** Finish a log-in, if the browser comes from the log-in page, and take the code out of the address. */
export async function finishLogIn(): Promise<void> {
  const answer = route.get().query
  if (answer.has(START)) {
    replace(unmarked(location.href))
    await logIn(true)
    return
  }
  const stored = sessionStorage.getItem(PENDING)
  sessionStorage.removeItem(PENDING)
  if (!answer.has('state')) return
  const pending = stored === null ? null : JSON.parse(stored) as Pending
  replace(pending?.path ?? WORKBENCH)
  const code = answer.get('code')
  if (pending?.state !== answer.get('state') || code === null) throw new Error(texts.logInFailed)
  await takeTokens({
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    code,
    redirect_uri: pending.redirectUri,
    code_verifier: pending.verifier,
  })
}
