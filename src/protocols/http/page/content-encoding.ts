// Which form of a file a client takes (RFC 9110, 12.5.3): the smallest one that it names itself.

export const ENCODINGS = ['br', 'gzip'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** Of those that are there; undefined means the file as it is. A star asks for no particular one and gets none. */
export function encodingFor(accepted: string | undefined, there: readonly Encoding[]): Encoding | undefined {
  const wanted = new Set(
    (accepted ?? '')
      .toLowerCase()
      .split(',')
      .map(one => one.split(';').map(part => part.trim()))
      .filter(([, ...parameters]) => !parameters.some(parameter => /^q=0(\.0*)?$/.test(parameter)))
      .map(([name]) => name),
  )
  return ENCODINGS.find(encoding => there.includes(encoding) && wanted.has(encoding))
}
