// How long a key works.
import { Select } from '../../../parts/inputs/select.tsx'

const CHOICES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: 'never', label: 'Until it is revoked' },
] as const

export type Expiry = (typeof CHOICES)[number]['value']

export function ExpirySelect({
  value,
  onChange,
}: {
  readonly value: Expiry
  readonly onChange: (value: Expiry) => void
}) {
  return <Select label="Works for" value={value} choices={CHOICES} onChange={onChange} />
}

/** As the server takes it. */
export function daysOf(expiry: Expiry): number | null {
  return expiry === 'never' ? null : Number(expiry)
}
