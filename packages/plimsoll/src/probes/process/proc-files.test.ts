import { describe, expect, it } from 'vitest'
import { parseIo, parseListeners, parseNetDev, parseRss, parseStat } from './proc-files.ts'

const stat =
  '4242 (node (main) ) S 4100 4242 4100 34816 4242 4194304 9000 120 3 0 1234 66 500 7 20 0 11 0 98765 1234567890 15000 18446744073709551615 1 1 0 0 0 0 0 4096 134235650 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0'

describe('parseStat', () => {
  it('reads past a command with spaces and brackets', () => {
    expect(parseStat(stat)).toEqual({
      pid: 4242,
      command: 'node (main) ',
      parent: 4100,
      alive: true,
      cpu: 13,
      childrenCpu: 5.07,
      threads: 11,
      born: 98765,
    })
  })

  it('tells one that ended and was not waited for', () => {
    expect(parseStat(stat.replace(') S ', ') Z '))).toMatchObject({ alive: false })
  })

  it('is undefined for a file that vanished or was cut off', () => {
    expect(parseStat('')).toBeUndefined()
    expect(parseStat('4242 (node) S 4100')).toBeUndefined()
  })
})

describe('parseRss', () => {
  it('gives bytes', () => {
    expect(parseRss('Name:\tnode\nVmPeak:\t  700000 kB\nVmRSS:\t   61440 kB\nThreads:\t11\n')).toBe(62_914_560)
  })

  it('is undefined for a kernel thread', () => {
    expect(parseRss('Name:\tkthreadd\nThreads:\t1\n')).toBeUndefined()
  })
})

describe('parseIo', () => {
  it('takes what reached storage, not what was asked for', () => {
    const text =
      'rchar: 9000\nwchar: 8000\nsyscr: 7\nsyscw: 6\nread_bytes: 4096\nwrite_bytes: 12288\ncancelled_write_bytes: 0\n'
    expect(parseIo(text)).toEqual({ read: 4096, written: 12_288 })
  })

  it('is undefined when it may not be read', () => {
    expect(parseIo('')).toBeUndefined()
  })
})

describe('parseNetDev', () => {
  it('adds both directions of each interface and counts loopback once', () => {
    const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  500000      29    0    0    0     0          0         0   500000      29    0    0    0     0       0          0
  eth0:    3000      10    0    0    0     0          0         0     7000      12    0    0    0     0       0          0
wlan0:1234567890      1    0    0    0     0          0         0        1       1    0    0    0     0       0          0
`
    expect(parseNetDev(text)).toEqual({ total: 500_000 + 10_000 + 1_234_567_891, loopback: 500_000 })
  })
})

describe('parseListeners', () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'

  it('finds listeners of the port in IPv4 and IPv6 tables, not connections to it', () => {
    const tcp = `${head}   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 20321 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1538 0100007F:C350 01 00000000:00000000 00:00000000 00000000   101        0 20999 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17000 1 0000000000000000 100 0 0 10 0
`
    const tcp6 = `${head}   0: 00000000000000000000000001000000:1538 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 20322 1 0000000000000000 100 0 0 10 0
`
    expect(parseListeners(tcp, 5432)).toEqual(['20321'])
    expect(parseListeners(tcp6, 5432)).toEqual(['20322'])
    expect(parseListeners(tcp, 50_000)).toEqual([])
  })
})
