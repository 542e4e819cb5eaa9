/** Which page is shown, and its query. Tokens are in memory only, so pages change without loading. */
import { REGISTER, urlOf } from './addresses'
import { createStore } from './store'

export interface Route {
  isRegister: boolean
  query: URLSearchParams
}

export const route = createStore(read())

addEventListener('popstate', () => { route.set(read()) })

function read(): Route {
  return { isRegister: location.pathname.endsWith(`/${REGISTER}`), query: new URLSearchParams(location.search) }
}

/** Show the page of a path below the root. */
export function go(path: string): void {
  history.pushState(null, '', urlOf(path))
  route.set(read())
}

/** Show the page of a path instead of this one, which the button Back then passes over. */
export function replace(path: string): void {
  history.replaceState(null, '', urlOf(path))
  route.set(read())
}
