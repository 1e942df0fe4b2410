/** The web client in `dist/web/`, with everything compressed beforehand. Resolves to the sizes of its files, in bytes. */
export function buildWeb(): Promise<readonly { readonly path: string; readonly size: number }[]>
