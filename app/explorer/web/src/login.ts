/**
 * Log-in by authorization code with PKCE: the browser leaves for the log-in page and comes back with a code.
 *
 * Only what proves that the code is ours waits in the storage of the tab meanwhile. It is no token, and is removed at once.
 */
import { challengeOf, randomText } from './pkce'
import { CLIENT_ID, takeTokens } from './session'
import { texts } from './texts'

const PENDING = 'cadastre-explorer-log-in'
const METADATA = '.well-known/oauth-authorization-server'
const START = 'login'

interface Pending {
  verifier: string
  state: string
  redirectUri: string
  fragment: string
}

interface Metadata {
  issuer: string
  authorization_endpoint: string
}

/** Leave for the log-in page; from another address than the public one, go there first. */
export async function logIn(): Promise<void> {
  const metadata = await (await fetch(METADATA)).json() as Metadata
  const redirectUri = `${metadata.issuer}/explorer`
  if (redirectUri !== location.origin + location.pathname) {
    if (new URLSearchParams(location.search).has(START)) throw new Error(texts.otherAddress(redirectUri))
    location.assign(`${redirectUri}?${START}${location.hash}`)
    return
  }
  if (!isSecureContext) throw new Error(texts.needsHttps)
  const pending = { verifier: randomText(), state: randomText(), redirectUri, fragment: location.hash }
  sessionStorage.setItem(PENDING, JSON.stringify(pending))
  location.assign(`${metadata.authorization_endpoint}?${await requestOf(pending)}`)
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
  const answer = new URLSearchParams(location.search)
  if (answer.has(START)) {
    await logIn()
    return
  }
  const stored = sessionStorage.getItem(PENDING)
  sessionStorage.removeItem(PENDING)
  if (!answer.has('state')) return
  const pending = stored === null ? null : JSON.parse(stored) as Pending
  history.replaceState(null, '', location.pathname + (pending?.fragment ?? ''))
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
