import { PlimsollError } from '../base/errors.ts'

/** A failed write as a sentence and what to do about it. */
export function writeError(path: string, error: unknown): PlimsollError {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  const [what, hint] = explain(code) ?? [
    error instanceof Error ? error.message : String(error),
    'Choose another folder with --out.',
  ]
  return new PlimsollError('OUTPUT_UNWRITABLE', `cannot write ${path}: ${what}`, { hint, cause: error })
}

function explain(code: string | undefined): readonly [what: string, hint: string] | undefined {
  switch (code) {
    case 'ENOSPC':
      return ['the disk is full', 'Free some space, or choose a folder on another disk with --out.']
    case 'EDQUOT':
      return ['your disk quota is used up', 'Free some space, or choose a folder on another disk with --out.']
    case 'EFBIG':
      return ['the file would be larger than allowed here', 'Raise the limit: ulimit -f unlimited']
    case 'EACCES':
    case 'EPERM':
      return ['you may not write there', 'Change the folder’s permissions, or choose another with --out.']
    case 'EROFS':
      return ['the file system is read-only', 'Choose a folder on another file system with --out.']
    case 'ENOTDIR':
    case 'EEXIST':
      return ['a part of the path is a file, not a folder', 'Move that file away, or choose another folder with --out.']
    case 'EISDIR':
      return ['it is a folder, not a file', 'Give the name of a file in that folder.']
    case 'EMFILE':
    case 'ENFILE':
      return ['too many files are open', 'Raise the limit: ulimit -n 65536']
    case 'ENAMETOOLONG':
      return ['the path is too long', 'Choose a shorter one with --out.']
    default:
      return undefined
  }
}
