// Money for people.

const NANO = 1_000_000_000n

/** "$0.50", "$12.345", "$0.000012", "-$1.00": two digits behind the point, more where they count. */
export function dollars(nano: bigint): string {
  const size = nano < 0n ? -nano : nano
  const digits = (size % NANO)
    .toString()
    .padStart(9, '0')
    .replace(/0{1,7}$/, '')
  return `${nano < 0n ? '-' : ''}$${size / NANO}.${digits}`
}
