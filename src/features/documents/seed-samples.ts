// seed_samples: the sample tenants and their documents. Running it again adds what is missing and nothing twice.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'

const Seeded = z.strictObject({
  id: z.uuid(),
  slug: z.string(),
  added: z.int().describe('Documents that were not there or had changed.'),
  unchanged: z.int(),
})

export type SeededTenant = z.output<typeof Seeded>

/** `seed` creates the tenants and writes their documents; it needs more doors than an operation has. */
export function seedSamples(seed: (signal: AbortSignal) => Promise<SeededTenant[]>) {
  return defineOperation({
    name: 'seed_samples',
    title: 'Add the samples',
    description: 'Adds the sample tenants and documents that are not there yet.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({}),
    output: z.strictObject({ tenants: z.array(Seeded) }),
    run: async (_input, call) => ({ tenants: await seed(call.signal) }),
  })
}
