// Bundles the benchmarks, which are TypeScript, and runs them with plain node.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const outfile = fileURLToPath(new URL('dist/main.mjs', import.meta.url))
await build({
  entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  target: 'node20.19',
  sourcemap: 'inline',
  logLevel: 'warning',
})
await import(outfile)
