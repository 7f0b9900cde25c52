// The sweep of objects and tenants: every operation that takes an id, with ids of tenant B as A, and with one that is
// nobody's. The two answers must be the same, byte for byte.
import { randomInt } from 'node:crypto'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { type Attack, judged, notRun, type Problem } from '../attack.ts'
import type { Ground } from '../ground/ground.ts'
import type { Json } from '../ground/mcp.ts'
import { callablesOf, idPlaces, inputWith, withoutChance, type Callable } from './callables.ts'

/** What an operation asks for beside the id, where its schema alone does not say so. */
const BESIDE: Readonly<Record<string, Json>> = {
  update_document: { title: 'Taken over' },
  update_user: { name: 'Taken over' },
  upload_blob: { data: '' },
  explain_search: { query: 'heron' },
}

/** What makes something under an id of the caller's choice: it would be A's own from then on. */
const NAMES_ITS_OWN = /^api create_/

export const objectSweep: Attack = {
  id: 'SWEEP-OBJECTS',
  title: "every operation that takes an id: tenant B's id and a random one are answered alike",
  async run(ground) {
    const { b, mcp } = ground
    const problems: Problem[] = []
    const unjudged = new Set<string>()
    const judgedOnes = new Set<string>()
    for (const callable of await callablesOf(ground)) {
      if (NAMES_ITS_OWN.test(callable.name)) continue
      for (const place of idPlaces(callable.schema)) {
        const outcome = await alike(ground, callable, place)
        problems.push(...outcome.problems)
        ;(outcome.isJudged ? judgedOnes : unjudged).add(callable.name)
      }
    }
    const kept = await mcp.call('retrieve_document', { document_id: b.objects.document }, b.token)
    const text = kept.isError ? '' : kept.body
    problems.push(
      text.includes(b.secret) && !text.includes('Taken over') ? undefined : "B's document was changed",
    )
    if (judgedOnes.size === 0) return notRun('no operation got as far as looking for the id')
    const rest = [...unjudged].filter(name => !judgedOnes.has(name))
    const left = rest.length === 0 ? '' : `; refused before they look: ${rest.join(', ')}`
    return judged(problems, `the same bytes from ${judgedOnes.size} operations${left}`)
  },
}

/** An id of the same form: the answer must not tell the two apart, and neither may their shapes. */
function likeButNobodys(id: string): string {
  if (/^[0-9a-f]{8}-/.test(id)) return uuidv7()
  return id.replaceAll(/[a-z0-9]/gi, one => {
    const letters = /\d/.test(one)
      ? '0123456789'
      : /[a-z]/.test(one)
        ? 'abcdefghijklmnopqrstuvwxyz'
        : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
    return letters[randomInt(letters.length)] ?? one
  })
}

async function alike(
  { b }: Ground,
  { name, schema, call }: Callable,
  place: readonly string[],
): Promise<{ readonly problems: Problem[]; readonly isJudged: boolean }> {
  const beside = BESIDE[name.split(' ').at(-1) ?? ''] ?? {}
  const ask = async (id: string) => {
    const input = { ...(inputWith(schema, place, id) as Json), ...beside }
    const { compared, isDone, isJudged } = await call(input)
    const bare = compared.replaceAll(id, '<id>')
    return { compared: isDone ? withoutChance(bare) : bare, isJudged }
  }
  const problems: Problem[] = []
  let isJudged = false
  for (const [kind, foreign] of Object.entries({ ...b.objects, tenant: b.id })) {
    const random = await ask(likeButNobodys(foreign))
    const theirs = await ask(foreign)
    isJudged ||= random.isJudged
    problems.push(
      random.compared === theirs.compared
        ? undefined
        : `${name} tells B's ${kind} from a random id at ${place.join('.')}`,
    )
  }
  return { problems, isJudged }
}
