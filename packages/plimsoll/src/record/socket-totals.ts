import type { DeliveryCounts } from '../measure/deliveries/types.ts'
import type { ConnectionInterval, Interval, SocketProtocol } from './events.ts'
import { addConnections, deliveryKey, messageKey } from './merge-sockets.ts'
import type { RunRecord } from './run-record.ts'
import { addFigures } from './sum-by.ts'

type Sockets = Pick<Interval, 'connections' | 'messages' | 'deliveries'>
type MessageTotals = RunRecord['messages'][number]

/** Connections, messages and deliveries of a run so far. */
export class SocketTotals {
  readonly #connections = new Map<SocketProtocol, ConnectionInterval>()
  readonly #messages = new Map<string, MessageTotals>()
  readonly #deliveries = new Map<string, DeliveryCounts>()

  add({ connections = [], messages = [], deliveries = [] }: Sockets, isJudged: boolean): void {
    for (const one of connections) {
      const sum = this.#connections.get(one.protocol)
      this.#connections.set(one.protocol, sum === undefined ? one : addConnections(sum, one))
    }
    for (const one of messages) {
      const sum = this.#messages.get(messageKey(one)) ?? { ...one, count: 0, bytes: 0, judged: { count: 0, bytes: 0 } }
      const { count, bytes } = one
      const judged = isJudged ? addFigures(sum.judged, { count, bytes }) : sum.judged
      this.#messages.set(messageKey(one), { ...sum, count: sum.count + count, bytes: sum.bytes + bytes, judged })
    }
    for (const one of deliveries) {
      const sum = this.#deliveries.get(deliveryKey(one))
      this.#deliveries.set(deliveryKey(one), sum === undefined ? one : addFigures(sum, one))
    }
  }

  /** The judged window begins anew. */
  clearJudged(): void {
    for (const [key, sum] of this.#messages) this.#messages.set(key, { ...sum, judged: { count: 0, bytes: 0 } })
  }

  get record(): Pick<RunRecord, 'connections' | 'messages' | 'deliveries'> {
    return {
      connections: [...this.#connections.values()],
      messages: [...this.#messages.values()],
      deliveries: [...this.#deliveries.values()],
    }
  }
}
