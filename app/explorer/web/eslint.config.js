import hooks from 'eslint-plugin-react-hooks'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig(
  { files: ['**/*.ts', '**/*.tsx'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  hooks.configs.flat.recommended,
  { rules: { 'react-hooks/incompatible-library': 'off' } }, // it warns of what the React Compiler skips, which is not used
  { languageOptions: { parserOptions: { projectService: true } } },
  { ignores: ['*.js', 'src/generated'] },
)
