import { parentPort } from 'node:worker_threads'
import { signerOf } from './signer.mjs'

parentPort?.on('message', ({ message, signature }) => {
  parentPort?.postMessage(signerOf(message, signature))
})
