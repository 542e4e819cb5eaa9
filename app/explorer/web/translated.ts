import type { Plugin } from 'vite'
import { graphiqlChinese } from './src/graphiqlChinese'

const PACKAGES = /node_modules\/(graphiql|@graphiql\/[a-z-]+)\/dist\//
const IMPORT = "import { inLanguage as $inLanguage } from '/src/inLanguage.ts'\n"

/** Files in which texts are also keys of objects. */
const KEYS = /\/(short-keys|section)\.js$/

/** What is before and after a text that is a part of a template, such as `Prettify query (${key})`. */
const IN_TEMPLATES = [['`', ' ('], ['} ', ' ('], ['} ', '`']] as const

/** Make GraphiQL's texts ask src/inLanguage.ts for the language; fail when GraphiQL no longer has one of them. */
export function translated(): Plugin {
  const missing = new Set(Object.keys(graphiqlChinese))

  function translate(code: string, text: string, id: string): string {
    const call = `$inLanguage(${JSON.stringify(text)})`
    const pattern = escaped(text)
    const whole = code
      .replaceAll(new RegExp(`(?<!kind: |=== )"${pattern}"(?!:)`, 'g'), () => call)
      .replaceAll(new RegExp(KEYS.test(id) ? `(?<=^\\s+)"?${pattern}"?(?=: )` : '(?!)', 'gm'), () => `[${call}]`)
    const result = IN_TEMPLATES.reduce(
      (part, [before, after]) => part.replaceAll(before + text + after, () => `${before}\${${call}}${after}`), whole)
    if (result !== code) missing.delete(text)
    return result
  }

  return {
    name: 'translated',
    enforce: 'pre',
    transform(code, id) {
      if (!PACKAGES.test(id)) return null
      const result = Object.keys(graphiqlChinese).reduce((part, text) => translate(part, text, id), code)
      return result === code ? null : { code: IMPORT + result, map: null }
    },
    buildEnd() {
      if (missing.size > 0) this.error(`GraphiQL has no such texts any more: ${[...missing].join(', ')}`)
    },
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
}
