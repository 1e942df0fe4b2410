/** Replaced by the build with the version in package.json. */
declare const __PLIMSOLL_VERSION__: string | undefined

export const version = typeof __PLIMSOLL_VERSION__ === 'string' ? __PLIMSOLL_VERSION__ : '0.0.0-source'
