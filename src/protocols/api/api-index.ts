// GET /api: where to go from here, for whoever opens the address by hand.

export function apiIndex(publicUrl: string, version: string): Record<string, string> {
  return {
    name: 'Gatehouse',
    version,
    call: `POST ${publicUrl}/api/<operation> with the input as a JSON object and Authorization: Bearer <credential>`,
    openapi: `${publicUrl}/api/openapi.json`,
  }
}
