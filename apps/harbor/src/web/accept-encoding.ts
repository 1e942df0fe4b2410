export type Encoding = 'br' | 'gzip' | 'identity'

/** The smallest encoding that is there and that the client takes (RFC 9110, section 12.5.3). */
export function encodingFor(
  accepted: string | undefined,
  there: { readonly br: unknown; readonly gzip: unknown },
): Encoding {
  const refused = /;\s*q=0(\.0*)?\s*$/
  const takes = new Set<string>()
  for (const each of (accepted ?? '').toLowerCase().split(',')) {
    if (!refused.test(each)) takes.add(each.split(';', 1)[0]?.trim() ?? '')
  }
  if (there.br !== undefined && takes.has('br')) return 'br'
  if (there.gzip !== undefined && takes.has('gzip')) return 'gzip'
  return 'identity'
}
