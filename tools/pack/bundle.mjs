// A package's `prepack`, run in its folder on what the compiler left: all modules as one file, `dist/node.js`, for Node. It reads three
// hundred modules three times slower than ten. Bundlers still get the modules, of which they drop what is not used.
import { build } from 'vite'

await build({
  configFile: false,
  logLevel: 'warn',
  ssr: { resolve: { conditions: ['node'] } },
  build: {
    ssr: 'dist/index.js',
    outDir: 'dist',
    emptyOutDir: false,
    minify: false,
    target: 'node20',
    rollupOptions: { external: id => !/^[./#]/.test(id), output: { entryFileNames: 'node.js', codeSplitting: false } },
  },
})
