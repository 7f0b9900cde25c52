// Amounts of money as people and files write them, and back: decimal USD to nano-USD, exactly, without a float between.

const NANO_DIGITS = 9
/** What a bigint column holds with room to add to. */
export const MOST_USD = 9_000_000_000n
const NANO = 10n ** BigInt(NANO_DIGITS)

/** Why a text is no amount, as the end of a sentence ("must not be negative"); undefined when it is one. */
export function usdProblem(text: string, most: bigint = MOST_USD): string | undefined {
  if (/^-\d/.test(text)) return 'must not be negative'
  const [, whole, part = ''] = /^(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text) ?? []
  if (whole === undefined) return 'must be USD in decimal digits, like "3" or "0.15"'
  if (part.length > NANO_DIGITS)
    return 'has more than nine digits behind the point: the smallest amount is 0.000000001'
  if (nanoFrom(whole, part) > most * NANO) return `must not be more than ${most}`
  return undefined
}

/** "0.15" is 150000000n. Throws a RangeError with what usdProblem says. */
export function nanoOf(text: string, most: bigint = MOST_USD): bigint {
  const problem = usdProblem(text, most)
  if (problem !== undefined) throw new RangeError(`${JSON.stringify(text)} ${problem}`)
  const [whole = '', part = ''] = text.split('.')
  return nanoFrom(whole, part)
}

/**
 * A number somebody else wrote, by its shortest decimal text: 0.15 is 150000000n, not a nano less. What is finer than a
 * nano is rounded up. Undefined for what is negative or no number.
 */
export function nanoOfNumber(value: number): bigint | undefined {
  const [, whole = '', part = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(value)) ?? []
  if (whole === '') return undefined
  const shift = NANO_DIGITS - part.length + Number(exponent)
  const digits = BigInt(whole + part)
  if (shift >= 0) return digits * 10n ** BigInt(shift)
  const unit = 10n ** BigInt(-shift)
  return (digits + unit - 1n) / unit
}

/** 150000000n is "0.15": as short as it can be, and nanoOf reads it back. */
export function usd(nano: bigint): string {
  const size = nano < 0n ? -nano : nano
  const part = (size % NANO).toString().padStart(NANO_DIGITS, '0').replace(/0+$/, '')
  return `${nano < 0n ? '-' : ''}${size / NANO}${part === '' ? '' : `.${part}`}`
}

function nanoFrom(whole: string, part: string): bigint {
  return BigInt(whole) * NANO + BigInt(part.padEnd(NANO_DIGITS, '0'))
}
