import { cp, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build as bundle } from 'esbuild'
import { buildWeb } from './web/build.mjs'

const here = dirname(fileURLToPath(import.meta.url))

/** `server.js` and `migrate.js` in `dist/`, with each part's SQL in the same place as in `src/`, and the web client. */
export async function build() {
  await Promise.all([bundleEntries(), copyMigrations(), buildWeb()])
}

function bundleEntries() {
  return bundle({
    absWorkingDir: here,
    entryPoints: {
      server: 'src/server.ts',
      'signature-worker': 'src/accounts/signature-worker.mjs',
      migrate: 'src/migrate.ts',
      cluster: 'cluster/main.ts',
      backup: 'backup/backup-main.ts',
      restore: 'backup/restore-main.ts',
    },
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    legalComments: 'linked',
    // Everything stays in node_modules but typebox: hundreds of small modules that take 140 ms to load one by one.
    plugins: [
      {
        name: 'packages-stay-outside',
        setup(build) {
          build.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('typebox') ? undefined : { external: true },
          )
        },
      },
    ],
  })
}

async function copyMigrations() {
  const parts = await readdir(join(here, 'src'), { withFileTypes: true })
  await Promise.all(
    parts
      .filter((part) => part.isDirectory())
      .map((part) =>
        cp(join(here, 'src', part.name, 'migrations'), join(here, 'dist', part.name, 'migrations'), {
          recursive: true,
          force: true,
        }).catch((error) => {
          if (error.code !== 'ENOENT') throw error
        }),
      ),
  )
}

if (argv[1] === fileURLToPath(import.meta.url)) await build()
