// openid-client: finds the authorization server by OAuth's own metadata (RFC 8414), and gets tokens from it.
import * as oauth from 'openid-client'
import { address, password, url, warnings } from './login.mjs'

const { SECRET, REDIRECT } = process.env
const insecure = { algorithm: 'oauth2', execute: [oauth.allowInsecureRequests] } // http, because this is loopback
const discover = (id, secret, method) => oauth.discovery(new URL(address), id, secret, method, insecure)

async function logIn(page) {
  const shown = await fetch(page)
  const [, csrf] = (await shown.text()).match(/name="csrf" value="([^"]+)"/)
  const cookie = shown.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
  const body = new URLSearchParams({ account: 'yanggc4', password, csrf })
  const sent = await fetch(page, { method: 'POST', body, headers: { cookie }, redirect: 'manual' })
  return new URL(sent.headers.get('location'))
}

async function who(config, tokens) {
  const body = JSON.stringify({ query: '{ me { clientId admin { name } } }' })
  const headers = new Headers({ 'content-type': 'application/json' })
  const answer = await oauth.fetchProtectedResource(config, tokens.access_token, new URL(url), 'POST', body, headers)
  return (await answer.json()).data.me
}

const web = await discover('web', undefined, oauth.None())
const pkceCodeVerifier = oauth.randomPKCECodeVerifier()
const expectedState = oauth.randomState()
const page = oauth.buildAuthorizationUrl(web, {
  redirect_uri: REDIRECT, state: expectedState, code_challenge_method: 'S256',
  code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
})
const tokens = await oauth.authorizationCodeGrant(web, await logIn(page), { pkceCodeVerifier, expectedState })
const by_code = await who(web, tokens)
const renewed = await oauth.refreshTokenGrant(web, tokens.refresh_token)
const by_refresh = await who(web, renewed)
await oauth.tokenRevocation(web, renewed.refresh_token)
const revoked = await oauth.refreshTokenGrant(web, renewed.refresh_token).catch((error) => error.error)

const backend = await discover('backend', SECRET, oauth.ClientSecretBasic(SECRET))
const { access_token } = await oauth.clientCredentialsGrant(backend)
const { active, client_id } = await oauth.tokenIntrospection(backend, access_token)

console.log(JSON.stringify({ by_code, by_refresh, revoked, active, client_id, warnings }))
