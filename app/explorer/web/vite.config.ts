import { defineConfig } from 'vite'
import { manifest } from './manifest'
import { repaired } from './repaired'
import { translated } from './translated'

// The program serves index.html at /explorer, register/index.html at /explorer/register, and their files below /explorer/,
// perhaps behind a path prefix. So addresses are relative to the page, and the folder of the files has its name. Relative to
// both pages, `../explorer/` from the second one is that folder.
export default defineConfig({
  base: './',
  plugins: [translated(), repaired(), manifest()],
  build: {
    outDir: '../build',
    emptyOutDir: true,
    assetsDir: 'explorer',
    chunkSizeWarningLimit: 5_000,
    target: 'es2022',
    rolldownOptions: { input: ['index.html', 'register/index.html'] },
  },
  worker: { format: 'es' },
})
