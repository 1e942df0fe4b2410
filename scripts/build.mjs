// Builds what is published and what the demo and the tests run: the dashboard's template, the package, harbor.
import { execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('..', import.meta.url)
const at = (path) => fileURLToPath(new URL(path, root))

async function buildPackage() {
  const { version, dependencies } = JSON.parse(await readFile(at('packages/plimsoll/package.json'), 'utf8'))
  const outdir = at('packages/plimsoll/dist')
  await removeBundles(outdir)
  await build({
    entryPoints: {
      cli: at('packages/plimsoll/src/cli/main.ts'),
      index: at('packages/plimsoll/src/index.ts'),
      worker: at('packages/plimsoll/src/worker.ts'),
      'calibration-server': at('packages/plimsoll/src/api/calibration/calibration-server.ts'),
    },
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    external: Object.keys(dependencies),
    define: { __PLIMSOLL_VERSION__: JSON.stringify(version) },
    banner: {
      // Bundled CommonJS libraries ask for `require`, which ESM does not have.
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  const { buildTemplate } = await import('../packages/dashboard/build.mjs')
  await writeFile(at('packages/plimsoll/dist/report-template.html'), await buildTemplate())
}

/** Old bundles carry other hashes in their names; the declarations beside them are the compiler's own. */
async function removeBundles(outdir) {
  await mkdir(outdir, { recursive: true })
  const stale = (await readdir(outdir)).filter((name) => name !== 'types')
  await Promise.all(stale.map((name) => rm(join(outdir, name), { recursive: true })))
}

async function buildHarbor() {
  const { build: buildServer } = await import('../apps/harbor/build.mjs')
  await buildServer()
}

await Promise.all([buildPackage(), buildHarbor()])
await cp(at('README.md'), at('packages/plimsoll/README.md'))
await cp(at('LICENSE'), at('packages/plimsoll/LICENSE'))
if (process.argv.includes('--types')) {
  execFileSync(process.execPath, [at('node_modules/typescript/bin/tsc'), '--build', at('packages/plimsoll')], {
    stdio: 'inherit',
  })
}
