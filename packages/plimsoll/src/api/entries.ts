/** Modules that the build puts beside this one, found from wherever the package was installed. */
const beside = (name: string): URL => {
  const here = new URL('.', import.meta.url)
  // Shared code is bundled into dist/chunks, one level below the entries.
  return new URL(here.pathname.endsWith('/chunks/') ? `../${name}` : name, here)
}

export const workerEntry = beside('worker.js')
export const libraryEntry = beside('index.js')
export const calibrationServer = beside('calibration-server.js')
export const reportTemplate = beside('report-template.html')
export const demoPlan = beside('../demo/demo.plan.ts')
