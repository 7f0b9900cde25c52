// Between a field for a local time ("2026-01-31T13:00") and the moment that stands in the address (ISO 8601, UTC). Pure.

/** Empty for no moment. */
export function fieldTime(iso: string | undefined): string {
  if (iso === undefined) return ''
  const at = new Date(iso)
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** Undefined for an empty or half-filled field. */
export function momentOf(field: string): string | undefined {
  const at = new Date(field)
  return field === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
