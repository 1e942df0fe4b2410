import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** The report's page as one HTML text, with `<!--plimsoll-data-->` where the writer puts the run. */
export const buildTemplate = () => buildPage(here('src/main.tsx'))

/**
 * The app around another entry. The policy names the one script and the one style sheet by their hashes: nothing else
 * runs and nothing is fetched, whatever a hostile system wrote into a body.
 */
export async function buildPage(entry) {
  const bundle = await build({
    entryPoints: [entry],
    outdir: here('dist'),
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  })
  const output = (extension) => bundle.outputFiles.find((file) => file.path.endsWith(extension))?.text.trim() ?? ''
  const script = output('.js').replaceAll('</script', '<\\/script')
  const style = output('.css')
  const parts = { policy: policy(script, style), script, style }
  const shell = await readFile(here('src/template.html'), 'utf8')
  return shell.replace(/%(policy)%|\/\*(script|style)\*\//g, (_, inAttribute, inTag) => parts[inAttribute ?? inTag])
}

function policy(script, style) {
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const html = await buildTemplate()
  await mkdir(here('dist'), { recursive: true })
  await writeFile(here('dist/report-template.html'), html)
  console.log(`report-template.html: ${(Buffer.byteLength(html) / 1024).toFixed(0)} KB`)
}
