import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { CodegenConfig } from '@graphql-codegen/cli'
import { type DocumentNode, print } from 'graphql'

const GENERATED = 'src/generated/'

/** The texts of the documents by their ids, as Relay's compiler writes them. */
const manifest: Record<string, string> = {}

/** The preset hashes a text whose fields are sorted, but files of a list have their columns in the order of the document. */
function named(document: DocumentNode): { id: string } {
  const text = print(document)
  const id = createHash('sha256').update(text).digest('hex')
  manifest[id] = text
  return { id: `sha256:${id}` }
}

const config: CodegenConfig = {
  schema: '../../../schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    [GENERATED]: {
      preset: 'client',
      presetConfig: { fragmentMasking: false, onExecutableDocumentNode: named },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        strictScalars: true,
        scalars: { Date: 'string', DateTime: 'string', Decimal: 'string' },
      },
    },
    [`${GENERATED}enums.ts`]: { plugins: ['./enumTexts.ts'] },
    [`${GENERATED}fields.ts`]: { plugins: ['./fieldTexts.ts'] },
  },
  hooks: { beforeDone: () => { writeFileSync(`${GENERATED}documents.json`, JSON.stringify(manifest)) } },
}

export default config
