import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildFailure, Loader, Plugin } from 'esbuild'
import { contextStatement } from '../../plan/context.ts'
import { unreadablePlan } from './unreadable.ts'

interface BundleRequest {
  /** The plan, absolute. */
  readonly file: string
  /** Where the bundle will lie, so that its source map leads back to the sources. */
  readonly outfile: string
  /** What `import … from 'plimsoll'` means. */
  readonly libraryUrl: string
}

let bundling = 0

/**
 * The plan and everything it imports by relative path, as one ES module with its source map inside. Packages stay
 * outside, by the absolute URL that they have from the importing file.
 * @throws {PlimsollError} PLAN_UNREADABLE with file, line, column and code frame of each syntax error or failed import
 */
export async function bundlePlan({ file, outfile, libraryUrl }: BundleRequest): Promise<string> {
  const esbuild = await import('esbuild')
  bundling++
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [file],
      outfile,
      write: false,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: `node${process.versions.node}`,
      sourcemap: 'inline',
      logLevel: 'silent',
      banner: { js: contextStatement(file) },
      plugins: [resolvePackages(libraryUrl), keepImportMeta(esbuild.transform)],
    })
    return outputFiles[0]?.text ?? ''
  } catch (error) {
    throw isBuildFailure(error) ? unreadablePlan(basename(file), error.errors) : error
  } finally {
    // Its process would else wake up beside the load, hundreds of times in a run.
    if (--bundling === 0) await esbuild.stop()
  }
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors)

/** Node cannot import TypeScript, so what a package name leads to is bundled when it is TypeScript (a workspace's source, a path alias). */
function resolvePackages(libraryUrl: string): Plugin {
  const resolving = Symbol('resolving')
  return {
    name: 'packages',
    setup(build) {
      build.onResolve({ filter: /^plimsoll$/ }, () => ({ path: libraryUrl, external: true }))
      build.onResolve(
        { filter: /^[^./]/ },
        async ({ path, pluginData, kind, importer, resolveDir, with: attributes }) => {
          if (pluginData === resolving || kind === 'entry-point') return undefined
          if (/^(node|data|https?|file):/.test(path)) return { path, external: true }
          const found = await build.resolve(path, {
            kind,
            importer,
            resolveDir,
            with: attributes,
            pluginData: resolving,
          })
          if (found.errors.length > 0 || found.external || isBundled(found.path)) return found
          return { path: kind === 'require-call' ? found.path : pathToFileURL(found.path).href, external: true }
        },
      )
    },
  }
}

const isBundled = (path: string): boolean => /\.([cm]?tsx?|json)$/.test(path)

/** `import.meta.url`, `.dirname` and `.filename` go on meaning the file that says them, not the bundle. */
function keepImportMeta(transform: typeof import('esbuild').transform): Plugin {
  return {
    name: 'import-meta',
    setup(build) {
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, async ({ path }) => {
        const contents = await readFile(path, 'utf8')
        if (!contents.includes('import.meta')) return undefined
        const loader = loaderOf(path)
        try {
          const { code } = await transform(contents, {
            loader,
            sourcemap: 'inline',
            sourcefile: path,
            target: 'esnext',
            define: {
              'import.meta.url': JSON.stringify(pathToFileURL(path).href),
              'import.meta.filename': JSON.stringify(path),
              'import.meta.dirname': JSON.stringify(dirname(path)),
            },
          })
          return { contents: code, loader: 'js' }
        } catch {
          // the build meets the same error again, and reports it with its place
          return { contents, loader }
        }
      })
    },
  }
}

const loaderOf = (path: string): Loader =>
  /x$/.test(path) ? (/tsx$/.test(path) ? 'tsx' : 'jsx') : /ts$/.test(path) ? 'ts' : 'js'
