/**
 * The addresses of the program. The page is shown at two of them, and a proxy may add a prefix: all are relative to the
 * root, which is found once.
 */

export const WORKBENCH = 'explorer'
export const REGISTER = 'explorer/register'

const root = new URL(location.pathname.endsWith(`/${REGISTER}`) ? '..' : '.', location.href)

/** Return the URL of a path below the root. */
export function urlOf(path: string): string {
  return new URL(path, root).href
}

/** Return the path of the page below the root, with its query and its fragment. */
export function pathHere(): string {
  return location.href.slice(root.href.length)
}
