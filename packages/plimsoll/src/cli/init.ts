import { relative } from 'node:path'
import { cancel, confirm, intro, isCancel, note, outro, text } from '@clack/prompts'
import { installCommand, installLibrary } from '../api/init/install.ts'
import { type Project, readProject } from '../api/init/project.ts'
import { type FileChange, filesFor, type InitAnswers, type Proposal, planPath, propose } from '../api/init/propose.ts'
import { conflicts, writeFiles } from '../api/init/write-files.ts'
import { exitCodes } from '../base/errors.ts'

/**
 * `plimsoll init [dir]`: writes a plan for the service in a folder. Asks only on a terminal, and nothing with `yes`.
 * @throws {PlimsollError} when the folder is none, when a plan is there and nobody can be asked, when it cannot write
 */
export async function initCommand(dir: string, { yes = false }: { readonly yes?: boolean } = {}): Promise<number> {
  const project = await readProject(dir)
  const proposal = propose(project)
  const asks = !yes && process.stdin.isTTY === true && process.stdout.isTTY === true
  return asks ? initWithQuestions(project, proposal) : initSilently(project, proposal)
}

async function initSilently(project: Project, proposal: Proposal): Promise<number> {
  const files = filesFor(project, proposal)
  await writeFiles(project.folder, files)
  process.stdout.write(`${[...describe(files), '', ...nextSteps(project, proposal.answers)].join('\n')}\n`)
  return exitCodes.met
}

async function initWithQuestions(project: Project, proposal: Proposal): Promise<number> {
  intro('plimsoll init')
  note(proposal.found.join('\n'), 'found here')
  const answers = await askAnswers(proposal.answers)
  if (answers === undefined) return cancelled()
  const files = filesFor(project, { ...proposal, answers })
  const there = await conflicts(project.folder, files)
  if (there.length > 0) {
    const overwrite = await confirm({
      message: `${there.join(' and ')} exists already. Replace it?`,
      initialValue: false,
    })
    if (overwrite !== true) return cancelled()
  }
  await writeFiles(project.folder, files, { overwrite: there.length > 0 })
  note(describe(files).join('\n'), 'written')
  const installed = project.hasLibrary || (await offerInstall(project))
  outro(nextSteps({ ...project, hasLibrary: installed }, answers).join('\n   '))
  return exitCodes.met
}

/** The answers, or undefined when the person gave up. */
async function askAnswers(proposed: InitAnswers): Promise<InitAnswers | undefined> {
  const url = await text({ message: 'Where does the service listen?', initialValue: proposed.url, validate: urlFault })
  if (isCancel(url)) return undefined
  const start = await text({
    message: 'Which command starts it? (empty: it runs already)',
    ...(proposed.start === undefined ? {} : { initialValue: proposed.start }),
  })
  if (isCancel(start)) return undefined
  return { name: proposed.name, url, start: start?.trim() ? start.trim() : undefined }
}

function urlFault(value: string | undefined): string | undefined {
  return URL.canParse(value ?? '') && /^https?:/.test(value ?? '') ? undefined : 'a URL such as http://127.0.0.1:3000'
}

async function offerInstall(project: Project): Promise<boolean> {
  const message = `The plan runs as it is. For types in your editor, add plimsoll to the project (${installCommand(project)})?`
  const wanted = await confirm({ message })
  return wanted === true && (await installLibrary(project))
}

function cancelled(): number {
  cancel('nothing was written')
  return exitCodes.interrupted
}

const describe = (files: readonly FileChange[]): readonly string[] =>
  files.map(({ path, kind }) => (kind === 'append' ? `${path}  + .plimsoll/` : path))

function nextSteps(project: Project, answers: InitAnswers): readonly string[] {
  const folder = relative(process.cwd(), project.folder)
  const path = folder === '' ? planPath(answers) : `${folder}/${planPath(answers)}`
  return [
    `Run it:  npx plimsoll run ${path}`,
    ...(project.hasLibrary
      ? []
      : [`Types in your editor:  ${installCommand(project)}  (the plan runs without; no tsconfig is needed)`]),
  ]
}
