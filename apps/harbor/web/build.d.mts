interface BuiltFile {
  /** In `dist/web/`. */
  readonly path: string
  readonly size: number
  /** What was bundled into it, and how many of its bytes each has; empty for what is only copied. */
  readonly inputs: readonly { readonly path: string; readonly bytes: number }[]
}

/** The web client in `dist/web/`, with everything compressed beforehand. Resolves to its files, with sizes in bytes. */
export function buildWeb(): Promise<readonly BuiltFile[]>
