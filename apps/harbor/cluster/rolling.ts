import type { Print } from './output.ts'
import type { Service } from './service.ts'

/**
 * Restarts one instance after the other: each drains, ends, starts and is ready before the next one's turn. Stops at the
 * first that does not become ready; the others serve on.
 * @returns whether all were restarted
 */
export async function restartInTurn(
  instances: readonly Service[],
  { print, isStopping }: { readonly print: Print; readonly isStopping: () => boolean },
): Promise<boolean> {
  const began = Date.now()
  for (const instance of instances) {
    if (isStopping()) return false
    print(`${instance.name} drains`)
    await instance.stop()
    if (isStopping()) return false
    try {
      await instance.start()
    } catch (error) {
      print(`${error instanceof Error ? error.message : String(error)} The rolling restart ends here.`)
      return false
    }
    print(`${instance.name} is ready again`)
  }
  print(`rolling restart done in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  return true
}
