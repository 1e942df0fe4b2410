import { detect } from './detect.ts'
import { type Project, projectName } from './project.ts'
import { exampleServer, renderPlan } from './render-plan.ts'

/** What may be changed before the files are written. */
export interface InitAnswers {
  readonly name: string
  readonly url: string
  /** The command that starts the service; undefined: it runs already. */
  readonly start: string | undefined
}

/** A file to write, by its path in the project's folder. */
export interface FileChange {
  readonly path: string
  readonly text: string
  readonly kind: 'create' | 'append'
}

export interface Proposal {
  readonly answers: InitAnswers
  /** What was found, in words, for the person. */
  readonly found: readonly string[]
  /** True when the folder holds no service, and an example comes with the plan. */
  readonly example: boolean
}

/** What `init` would do without being told anything. */
export function propose(project: Project): Proposal {
  const { framework, realtime, port, portFrom, start } = detect(project)
  const example = project.packageJson === undefined && project.sources.length === 0
  const found = [
    ...(framework === undefined ? [] : [framework]),
    ...(realtime === undefined ? [] : [realtime]),
    portFrom === undefined ? `port ${port} (a guess)` : `port ${port} (from ${portFrom})`,
    ...(start === undefined ? [] : [`starts with: ${start}`]),
  ]
  return {
    answers: {
      name: projectName(project),
      url: `http://127.0.0.1:${port}`,
      start: start ?? (example ? 'node example-server.mjs' : undefined),
    },
    found,
    example,
  }
}

/** The files that follow from the answers. */
export function filesFor(project: Project, { answers, example }: Proposal): readonly FileChange[] {
  const { health, routes, realtime } = detect(project)
  const plan = renderPlan({
    ...answers,
    health: health ?? (example ? '/health' : undefined),
    routes: example ? ['/'] : routes,
    realtime,
  })
  return [
    { path: planPath(answers), text: plan, kind: 'create' },
    ...(example ? [{ path: 'example-server.mjs', text: exampleServer, kind: 'create' } as const] : []),
    ...ignoreRuns(project.gitignore),
  ]
}

export const planPath = ({ name }: Pick<InitAnswers, 'name'>): string => `${name}.plan.ts`

/** The line that keeps run folders out of the repository, unless it is there. */
function ignoreRuns(gitignore: string | undefined): readonly FileChange[] {
  const text = gitignore ?? ''
  if (text.split(/\r?\n/).some((line) => /^\/?\.plimsoll\/?$/.test(line.trim()))) return []
  const newline = text === '' || text.endsWith('\n') ? '' : '\n'
  return [{ path: '.gitignore', text: `${newline}.plimsoll/\n`, kind: 'append' }]
}
