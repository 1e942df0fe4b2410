/* The little of RFC 6455 that a server for clients of good behaviour needs: the handshake's key, and frames. */
#pragma once
#include "common.h"

static inline uint32_t rotate(uint32_t x, int n) { return x << n | x >> (32 - n); }

/* RFC 3174, of at most 119 bytes: two blocks. */
static inline void sha1(const char *text, size_t length, uint8_t digest[20]) {
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  uint8_t blocks[128] = {0};
  size_t size = length < 56 ? 64 : 128;
  memcpy(blocks, text, length);
  blocks[length] = 0x80;
  blocks[size - 2] = length * 8 >> 8;
  blocks[size - 1] = length * 8;
  for (const uint8_t *block = blocks; block < blocks + size; block += 64) {
    uint32_t w[80];
    for (int i = 0; i < 16; i++)
      w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 80; i++) {
      uint32_t f = i < 20 ? ((b & c) | (~b & d)) + 0x5A827999
                 : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                 : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                          : (b ^ c ^ d) + 0xCA62C1D6;
      uint32_t next = rotate(a, 5) + f + e + w[i];
      e = d, d = c, c = rotate(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  for (int i = 0; i < 20; i++) digest[i] = h[i / 4] >> (24 - i % 4 * 8);
}

/* The answer to a handshake that carries this key; gives its length. */
static inline int switching_protocols(char *into, size_t size, const char *key, int key_length) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char text[96], accept[29];
  uint8_t digest[21] = {0};
  int length = snprintf(text, sizeof text, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key_length, key);
  sha1(text, length, digest);
  for (int i = 0; i < 28; i++) {
    int bit = i * 6, at = bit / 8;
    uint16_t pair = digest[at] << 8 | (at < 20 ? digest[at + 1] : 0);
    accept[i] = digits[pair >> (10 - bit % 8) & 63];
  }
  accept[27] = '=', accept[28] = 0;
  return snprintf(into, size,
                  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Accept: %s\r\n\r\n",
                  accept);
}

struct frame {
  int opcode, length;
  char *payload;
};

/* Reads one whole masked frame and unmasks it in place; gives its size, 0 when more is needed, -1 for what is not served. */
static inline int read_frame(char *bytes, int length, struct frame *frame) {
  if (length < 6) return 0;
  uint8_t *head = (uint8_t *)bytes;
  int size = head[1] & 127, mask_at = 2;
  if (!(head[0] & 128) || !(head[1] & 128) || size == 127) return -1;
  if (size == 126) size = head[2] << 8 | head[3], mask_at = 4;
  if (length < mask_at + 4 + size) return 0;
  frame->opcode = head[0] & 15, frame->length = size, frame->payload = bytes + mask_at + 4;
  for (int i = 0; i < size; i++) frame->payload[i] ^= bytes[mask_at + i % 4];
  return mask_at + 4 + size;
}

/* A frame with its header before it; `into` has room for 4 bytes more than the payload. Gives its length. */
static inline int write_frame(char *into, int opcode, const char *payload, int length) {
  int head = length < 126 ? 2 : 4;
  memmove(into + head, payload, length);
  into[0] = 128 | opcode;
  into[1] = length < 126 ? length : 126;
  if (head == 4) into[2] = length >> 8, into[3] = length;
  return head + length;
}
