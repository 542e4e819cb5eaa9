// graphql-codegen: types of the schema, which the server describes, and of the documents in typed.ts.
import { token, url } from '../login.mjs'

export default {
  schema: [{ [url]: { headers: { authorization: `Bearer ${await token()}` } } }],
  documents: ['typed.ts'],
  generates: {
    './generated/': {
      preset: 'client',
      config: { useTypeImports: true, enumsAsTypes: true, scalars: { DateTime: 'string', Date: 'string', Decimal: 'string' } },
      presetConfig: { fragmentMasking: false },
    },
  },
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
}
