import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
}

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * What is wrong with manifests by the types of Kubernetes' API: the validators of `kubernetes-models` pass over names
 * that there are not, so the compiler looks at each manifest as a literal of its type.
 */
export function typeProblems(manifests: readonly Manifest[]): readonly string[] {
  const file = `${here}manifests-to-check.ts`
  const text = manifests
    .map((manifest, index) => {
      const type = `import('kubernetes-models/${manifest.apiVersion}/${manifest.kind}').I${manifest.kind}`
      return `export const manifest${index}: ${type} = ${JSON.stringify(manifest)}\n`
    })
    .join('')
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023) : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}
