import type { PackageJson, Project, SourceFile } from './project.ts'

type Framework = 'nest' | 'next' | 'fastify' | 'express' | 'hono' | 'koa'
type Realtime = 'socket.io' | 'ws'

/** What a project was found to be. */
export interface Detected {
  readonly framework: Framework | undefined
  readonly realtime: Realtime | undefined
  readonly port: number
  /** Where the port was found; undefined when 3000 is a guess. */
  readonly portFrom: string | undefined
  /** The command that starts the service; undefined when there is none to be found. */
  readonly start: string | undefined
  /** A path that says whether the service is well. */
  readonly health: string | undefined
  /** Paths without parameters that answer GET. */
  readonly routes: readonly string[]
}

export function detect({
  packageJson,
  dotenv,
  sources,
}: Pick<Project, 'packageJson' | 'dotenv' | 'sources'>): Detected {
  const dependencies = { ...packageJson?.devDependencies, ...packageJson?.dependencies }
  const has = (name: string): boolean => Object.hasOwn(dependencies, name)
  const routes = findRoutes(sources)
  return {
    framework: frameworks.find(([name]) => has(name))?.[1],
    realtime: has('socket.io') ? 'socket.io' : has('ws') ? 'ws' : undefined,
    ...findPort(packageJson?.scripts ?? {}, dotenv, sources),
    start: findStart(packageJson),
    health: findHealth(sources),
    routes: routes.slice(0, 3),
  }
}

/** Frameworks that others are built on come last. */
const frameworks: readonly (readonly [dependency: string, framework: Framework])[] = [
  ['@nestjs/core', 'nest'],
  ['next', 'next'],
  ['fastify', 'fastify'],
  ['hono', 'hono'],
  ['koa', 'koa'],
  ['express', 'express'],
]

function findPort(
  scripts: Readonly<Record<string, string>>,
  dotenv: string,
  sources: readonly SourceFile[],
): Pick<Detected, 'port' | 'portFrom'> {
  for (const name of ['start', 'dev', 'serve']) {
    const port = portIn(scripts[name] ?? '', /(?:\bPORT=|--port[= ]|(?:^|\s)-p )["']?(\d{2,5})\b/)
    if (port !== undefined) return { port, portFrom: `the script '${name}'` }
  }
  const set = portIn(dotenv, /^\s*(?:export\s+)?PORT\s*=\s*["']?(\d{2,5})\b/m)
  if (set !== undefined) return { port: set, portFrom: '.env' }
  const patterns = [
    /\bPORT['"\]]*\)?\s*(?:\?\?|\|\|)\s*['"]?(\d{2,5})\b/,
    /\.listen\(\s*(\d{2,5})\b/,
    /\.listen\(\s*\{[^}]*\bport:\s*(\d{2,5})\b/,
    /\bserve\(\s*\{[^}]*\bport:\s*(\d{2,5})\b/,
    /\bport\s*(?:=|:)\s*(\d{2,5})\b/i,
  ]
  for (const pattern of patterns) {
    for (const { path, text } of sources) {
      const port = portIn(text, pattern)
      if (port !== undefined) return { port, portFrom: path }
    }
  }
  return { port: 3000, portFrom: undefined }
}

function portIn(text: string, pattern: RegExp): number | undefined {
  const port = Number(pattern.exec(text)?.[1])
  return port > 0 && port < 65_536 ? port : undefined
}

/**
 * A script that is one plain `node` command is taken as it is, so that the service is Plimsoll's own child and gets its
 * signals; anything else goes through npm.
 */
function findStart(packageJson: PackageJson | undefined): string | undefined {
  const scripts = packageJson?.scripts ?? {}
  const name = ['start', 'start:prod', 'serve', 'dev'].find((one) => scripts[one] !== undefined)
  if (name !== undefined) {
    const script = (scripts[name] ?? '').trim()
    return /^node\s[^&|;<>$`*]+$/.test(script) ? script : `npm run ${name}`
  }
  return packageJson?.main === undefined ? undefined : `node ${packageJson.main}`
}

function findHealth(sources: readonly SourceFile[]): string | undefined {
  const pattern = /['"`](\/(?:[\w-]+\/)*(?:healthz?|health-?check|health\/ready|readyz?|livez?|ping|status))['"`]/
  for (const { text } of sources) {
    const path = pattern.exec(text)?.[1]
    if (path !== undefined) return path
  }
  return undefined
}

/** `app.get('/items', …)` and the like, of every router that has such a method; paths with parameters are left out. */
function findRoutes(sources: readonly SourceFile[]): readonly string[] {
  const pattern = /\b(?:app|api|router|server|fastify|routes?)\.get\(\s*['"`](\/[\w./-]*)['"`]/g
  const found = sources.flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[1] ?? '/'))
  return [...new Set(found)]
}
