import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** Put the documents of the page beside it: the program runs them even where it runs only stored documents. */
export function manifest(): Plugin {
  return {
    name: 'manifest',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'documents.json', source: readFileSync('src/generated/documents.json') })
    },
  }
}
