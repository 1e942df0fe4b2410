import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const outdir = join(here, '../dist/web')
const asIs = ['manifest.webmanifest', 'favicon.svg', 'robots.txt']

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  write: false,
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
}

/** Shell, chunks and service worker in `dist/web`, each with its `.br` and `.gz` beside it. */
export async function buildWeb() {
  const bundles = await buildBundles()
  const { files: built, maps } = bundles
  const copied = await Promise.all(
    asIs.map(async (name) => ({ path: name, contents: await readFile(join(here, 'static', name)) })),
  )
  const page = { path: 'index.html', contents: Buffer.from(await buildPage(bundles)) }
  const shell = [page, ...built, ...copied.filter(({ path }) => path !== 'robots.txt')]
  const files = [...built, ...copied, page, await buildServiceWorker(shell)]
  await rm(outdir, { recursive: true, force: true })
  await mkdir(join(outdir, 'assets'), { recursive: true })
  await Promise.all([...files.map(writeCompressed), ...maps.map(writeMap)])
  const inputsOf = new Map(bundles.outputs.map(({ name, inputs }) => [name, inputs]))
  return files.map(({ path, contents }) => ({
    path,
    size: contents.length,
    inputs: Object.entries(inputsOf.get(basename(path)) ?? {}).map(([from, { bytesInOutput }]) => ({
      path: relative('.', from),
      bytes: bytesInOutput,
    })),
  }))
}

async function buildBundles() {
  const { outputFiles, metafile } = await build({
    ...common,
    metafile: true,
    // For harbor to tell where an error was; it gives them to nobody.
    sourcemap: 'external',
    sourcesContent: false,
    entryPoints: { main: 'src/main.tsx', style: 'src/style.css' },
    outdir,
    splitting: true,
    format: 'esm',
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  })
  const all = outputFiles.map(({ path, contents }) => ({ path: relative(outdir, path), contents }))
  return {
    files: all.filter(({ path }) => !path.endsWith('.map')),
    maps: all.filter(({ path }) => path.endsWith('.js.map')),
    outputs: Object.entries(metafile.outputs).map(([path, output]) => ({ ...output, name: basename(path) })),
  }
}

/** What the main script imports is fetched along with it, not after it. */
async function buildPage({ files, outputs }) {
  const named = (pattern) => `/${files.find(({ path }) => pattern.test(path)).path}`
  const { imports } = outputs.find(({ name }) => /^main-\w+\.js$/.test(name))
  const chunks = imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => basename(path))
  const preloads = chunks.map((name) => `<link rel="modulepreload" href="/assets/${name}">\n`).join('')
  const template = await readFile(join(here, 'src/index.html'), 'utf8')
  return template
    .replace('%script%', named(/^assets\/main-\w+\.js$/))
    .replace('%style%', named(/^assets\/style-\w+\.css$/))
    .replace('%preloads%', preloads)
}

/** Knows by name what the shell is made of; another shell makes it another worker. */
async function buildServiceWorker(shell) {
  const version = createHash('sha256')
  for (const { contents } of shell) version.update(contents)
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['src/service-worker.ts'],
    format: 'iife',
    define: {
      __SHELL__: JSON.stringify(shell.map(({ path }) => (path === 'index.html' ? '/' : `/${path}`))),
      __VERSION__: JSON.stringify(version.digest('hex').slice(0, 12)),
    },
  })
  return { path: 'service-worker.js', contents: outputFiles[0].contents }
}

/** With its sources' names from the client's root. */
async function writeMap({ path, contents }) {
  const map = JSON.parse(Buffer.from(contents).toString())
  const sources = map.sources.map((name) => relative(here, join(outdir, dirname(path), name)))
  await writeFile(join(outdir, path), JSON.stringify({ ...map, sources }))
}

async function writeCompressed({ path, contents }) {
  const to = join(outdir, path)
  await Promise.all([
    writeFile(to, contents),
    promisify(brotliCompress)(contents, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length },
    }).then((small) => writeFile(`${to}.br`, small)),
    promisify(gzip)(contents, { level: 9 }).then((small) => writeFile(`${to}.gz`, small)),
  ])
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, size } of await buildWeb())
    console.log(`${(size / 1024).toFixed(1).padStart(7)} KB  ${basename(path)}`)
}
