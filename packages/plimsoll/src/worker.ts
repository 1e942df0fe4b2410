import { parentPort, workerData } from 'node:worker_threads'
import { readPlan } from './api/plan-loader/read-plan.ts'
import { systemClock } from './base/clock.ts'
import type { WorkerSettings } from './engine/wire.ts'
import { LoadWorker } from './engine/worker/load-worker.ts'

/** Entry of a worker thread. */
if (parentPort !== null) {
  process.setSourceMapsEnabled(true)
  const worker = new LoadWorker(parentPort, workerData as WorkerSettings, systemClock, readPlan)
  process.on('uncaughtException', (error) => worker.stray(error))
  process.on('unhandledRejection', (reason) => worker.stray(reason))
}
