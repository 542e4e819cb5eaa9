import { defineConfig } from 'vite'
import { repaired } from './repaired'
import { translated } from './translated'

// The program serves the page at /explorer and its files below /explorer/, perhaps behind a path prefix. So addresses are
// relative to the page, and the folder of the files has its name.
export default defineConfig({
  base: './',
  plugins: [translated(), repaired()],
  build: { outDir: '../build', emptyOutDir: true, assetsDir: 'explorer', chunkSizeWarningLimit: 5_000, target: 'es2022' },
  worker: { format: 'es' },
})
