/** Bundles `dist/server.js` and `dist/migrate.js`. */
export function build(): Promise<void>
