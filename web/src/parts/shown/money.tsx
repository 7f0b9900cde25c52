// Amounts of money, exact to the billionth of a dollar: what is too small for cents is never shown as nothing.

const NANO_DIGITS = 9
const NANO = 1_000_000_000n

/** `nano` is a whole number of billionths of a US dollar, as text: it may be larger than a number holds. */
export function Money({ nano }: { readonly nano: string }) {
  return (
    <span className="figures whitespace-nowrap" title={`${exactUsd(nano)} USD exactly`}>
      {usdWords(nano)}
    </span>
  )
}

/** "$12.50", "$0.0042", "$0.000000001", "-$3.00": two digits, or so many that two of them say something; rounded. */
export function usdWords(nano: string): string {
  const size = BigInt(nano.replace('-', ''))
  const unit = 10n ** BigInt(NANO_DIGITS - digitsShown(size))
  const rounded = ((size + unit / 2n) / unit) * unit
  const [whole = '0', part = ''] = exactUsd(String(rounded)).split('.')
  return `${nano.startsWith('-') ? '-' : ''}$${Number(whole).toLocaleString('en-US')}.${part.padEnd(2, '0')}`
}

/** Behind the point. */
function digitsShown(nano: bigint): number {
  const first = String(nano % NANO)
    .padStart(NANO_DIGITS, '0')
    .search(/[1-9]/)
  return nano >= NANO || first < 0 ? 2 : Math.min(NANO_DIGITS, first + 2)
}

/** All nine digits, without what ends in zeros. */
export function exactUsd(nano: string): string {
  const sign = nano.startsWith('-') ? '-' : ''
  const digits = nano.replace('-', '').padStart(NANO_DIGITS + 1, '0')
  const part = digits.slice(-NANO_DIGITS).replace(/0+$/, '')
  return `${sign}${digits.slice(0, -NANO_DIGITS)}${part === '' ? '' : `.${part}`}`
}
