let last = 0

/** Unique everywhere, and later ones sort after earlier ones: milliseconds, then chance. */
export function newClientId(): string {
  last = Math.max(Date.now(), last + 1)
  const [one = 0, other = 0] = crypto.getRandomValues(new Uint32Array(2))
  return `${last.toString(36).padStart(9, '0')}-${one.toString(36)}${other.toString(36)}`
}
