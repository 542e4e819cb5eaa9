import { defineConfig } from 'vite'

// The program serves the page at /explorer and the files at /explorer/, perhaps behind a path prefix: all addresses are
// relative to the page. Only the folder name makes that work.
export default defineConfig({
  base: './',
  build: {
    outDir: '../build',
    emptyOutDir: true,
    assetsDir: 'explorer',
    chunkSizeWarningLimit: 5_000,
    target: 'es2022',
  },
  worker: { format: 'es' },
})
