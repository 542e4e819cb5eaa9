import type { Plugin } from 'vite'

/** Colours of the editor with enough contrast (WCAG 2.1, 1.4.3): line numbers, comments and numbers. */
const COLOURS = `
for (const [theme, quiet, comment, number] of [["dark", "#a3adbd", "#8fbf7a", "#b5cea8"], ["light", "#4a6472", "#00690a", "#077a50"]]) {
  const { colors, rules } = MONACO_THEME_DATA[theme];
  Object.assign(colors, { "editorLineNumber.foreground": quiet, "editorLineNumber.dimmedForeground": quiet });
  rules.push({ token: "comment", foreground: comment }, { token: "number", foreground: number });
}
`

/** A tab of the ARIA pattern holds no button, but GraphiQL's hold two: they are a list, and the active one is current. */
const REPAIRS: Record<string, (code: string) => string> = {
  '@graphiql/react/dist/constants.js': (code) => code.replace(/\nexport \{/, `${COLOURS}$&`),
  '@graphiql/react/dist/components/tabs/index.js': (code) =>
    code.replace(/role: "tab",/, '').replace(/role: "tablist",/, '').replace('"aria-selected": isActive', '"aria-current": isActive'),
}

/** Repair what axe finds in GraphiQL; fail when a repair no longer applies. */
export function repaired(): Plugin {
  const missing = new Set(Object.keys(REPAIRS))
  return {
    name: 'repaired',
    enforce: 'pre',
    transform(code, id) {
      const file = Object.keys(REPAIRS).find((path) => id.endsWith(`/node_modules/${path}`))
      const result = file === undefined ? code : REPAIRS[file]?.(code) ?? code
      if (file === undefined || result === code) return null
      missing.delete(file)
      return { code: result, map: null }
    },
    buildEnd() {
      if (missing.size > 0) this.error(`GraphiQL needs other repairs: ${[...missing].join(', ')}`)
    },
  }
}
