/** The first octet of a frame (RFC 6455 §5.2): whether it ends its message, three reserved bits, what it is. */
export const FIN = 0x80
/** Its message is compressed (RFC 7692 §6). */
export const RSV1 = 0x40
export const RESERVED = 0x70
export const OPCODE = 0x0f

export const CONTINUATION = 0x0
export const TEXT = 0x1
export const BINARY = 0x2
export const CLOSE = 0x8
export const PING = 0x9
export const PONG = 0xa

/** What a control frame may carry (RFC 6455 §5.5). */
export const MAX_CONTROL = 125
