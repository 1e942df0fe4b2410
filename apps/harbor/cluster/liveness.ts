interface Patience {
  /** In milliseconds. */
  readonly every: number
  readonly timeout: number
}

const mostSilent = 3

/**
 * Ends an instance that hangs: one that took a connection and did not answer `/health`, three times in a row. One that
 * refuses connections is starting, stopping or dead, which is its supervisor's matter.
 * @returns a function that stops watching
 */
export function watchLiveness(
  url: string,
  end: () => void,
  { every, timeout }: Patience = { every: 5_000, timeout: 5_000 },
): () => void {
  let silent = 0
  let asking = false
  const ask = async () => {
    if (asking) return
    asking = true
    silent = (await isSilent(`${url}/health`, timeout)) ? silent + 1 : 0
    asking = false
    if (silent < mostSilent) return
    silent = 0
    end()
  }
  const timer = setInterval(() => void ask(), every)
  return () => clearInterval(timer)
}

async function isSilent(url: string, timeout: number): Promise<boolean> {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(timeout) })).arrayBuffer()
    return false
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError'
  }
}
