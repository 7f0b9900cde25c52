// An amount as a person types it, decimal dollars, to nano-USD as the server takes it: exactly, with no float between.

const NANO_DIGITS = 9

export type Typed = { readonly nano: string } | { readonly wrong: string }

export function typedUsd(typed: string): Typed {
  const text = typed.trim().replace(/^\$/, '')
  if (text === '') return { wrong: 'Say how many dollars; 0 blocks.' }
  if (text.startsWith('-')) return { wrong: 'It must not be less than nothing.' }
  const [, whole, part = ''] = /^(\d{1,10})(?:\.(\d{1,30}))?$/.exec(text) ?? []
  if (whole === undefined) return { wrong: 'Dollars in digits, with a point for the rest: 20 or 0.50.' }
  if (part.length > NANO_DIGITS)
    return { wrong: 'The smallest amount is 0.000000001: nine digits behind the point.' }
  return { nano: String(BigInt(whole + part.padEnd(NANO_DIGITS, '0'))) }
}
