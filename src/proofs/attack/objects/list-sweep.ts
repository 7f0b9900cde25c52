// The sweep of lists: everything that can be read without naming an object, as tenant A with every scope there is.
import { type Attack, each, judged } from '../attack.ts'
import { callablesOf } from './callables.ts'

export const listSweep: Attack = {
  id: 'SWEEP-LISTS',
  title: 'every list and report that needs no id, as A with all scopes: is anything of B in it',
  async run(ground) {
    const { b } = ground
    const foreign = [b.secret, b.id, b.slug, ...Object.values(b.objects)]
    const readable = (await callablesOf(ground)).filter(
      ({ isRead, schema }) => isRead && ((schema['required'] ?? []) as unknown[]).length === 0,
    )
    const problems = await each(readable, async ({ name, call }) => {
      const { compared } = await call({})
      return foreign.some(one => compared.includes(one)) ? `${name} shows something of tenant B` : undefined
    })
    return judged(problems, `nothing of B: ${readable.map(({ name }) => name).join(', ')}`)
  },
}
