import { textFrame } from './text-frame.ts'

/** An event as it is said to clients: its name, and its payload as JSON, written once for all who get it. */
export interface Outgoing {
  readonly event: string
  /** An object, or an array. */
  readonly json: string
}

/** Events of one moment in the forms of all transports. A form is made when the first receiver asks for it. */
export class Prepared {
  readonly events: readonly Outgoing[]
  #frames: Buffer | undefined
  #packets: readonly string[] | undefined
  #packetFrames: Buffer | undefined

  constructor(events: readonly Outgoing[]) {
    this.events = events
  }

  /** Plain WebSocket: all frames, one after the other. */
  get frames(): Buffer {
    this.#frames ??= joined(this.events.map(({ event, json }) => textFrame(eventText(event, json))))
    return this.#frames
  }

  /** Socket.IO: the packets as text (its protocol's version 5, type EVENT of the main namespace). */
  get packets(): readonly string[] {
    this.#packets ??= this.events.map(({ event, json }) => `2["${event}",${json}]`)
    return this.#packets
  }

  /** Socket.IO over WebSocket: the frames of all packets ("4" is a message of Engine.IO), one after the other. */
  get packetFrames(): Buffer {
    this.#packetFrames ??= joined(this.packets.map((packet) => textFrame(`4${packet}`)))
    return this.#packetFrames
  }
}

const joined = (buffers: readonly Buffer[]): Buffer =>
  buffers.length === 1 ? (buffers[0] as Buffer) : Buffer.concat(buffers)

/** The fields of an object stand beside `type`; an array stands under the event's name. */
function eventText(event: string, json: string): string {
  if (json.startsWith('[')) return `{"type":"${event}","${event}":${json}}`
  return json === '{}' ? `{"type":"${event}"}` : `{"type":"${event}",${json.slice(1)}`
}
