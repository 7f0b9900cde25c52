// A tenant with people in it: ada is in the group Partners, bob and eve are in none, and the admin reads every document.
import { getDocumentAccess } from '../../src/features/documents/access/get-document-access.ts'
import { setDocumentAccess } from '../../src/features/documents/access/set-document-access.ts'
import { followIngestions } from '../../src/features/documents/follow-ingestions.ts'
import { retryIngestion } from '../../src/features/documents/retry-ingestion.ts'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import { searchCache } from '../../src/features/retrieval/results/search-cache.ts'
import type { Operation } from '../../src/gate/operation.ts'
import { memoryCache } from '../../src/platform/cache/memory-cache.ts'
import type { Statement } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { journalHints } from '../../src/platform/journal/hints.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import type { TestDatabase } from './database.ts'
import { documentOperations } from './document-operations.ts'
import { servingModelOf } from './publish.ts'
import { callerOf, type Ask } from './tenant-caller.ts'

export const PEOPLE = ['ada', 'bob', 'eve', 'admin'] as const

export type Person = (typeof PEOPLE)[number]

export interface AccessGround {
  readonly tenantId: string
  readonly partners: string
  /** `ask.ada('search_documents', …)`, served by the first process. */
  readonly ask: Readonly<Record<Person, Ask>>
  /** The same caller, served by another process with a cache of its own. */
  elsewhere(person: Person): Ask
  /** The scope of a transaction of this person's. */
  scopeOf(person: Person): { tenantId: string; subject: string; reads: 'all' | 'listed' }
  join(person: Person): Promise<unknown>
  leave(person: Person): Promise<unknown>
}

/** What one process serves, with answers cached as in a server. */
function served(): readonly Operation[] {
  const cache = memoryCache({ maxBytes: 4_000_000, maxEntries: 1_000 })
  return [
    ...documentOperations.filter(({ name }) => !/search|rank/.test(name)),
    ...retrieval({ servingModel: servingModelOf(), answers: searchCache({ cache }) }),
    getDocumentAccess(),
    setDocumentAccess(),
    followIngestions({ hints: journalHints(undefined) }),
    retryIngestion(),
  ]
}

export async function openAccessGround(db: TestDatabase): Promise<AccessGround> {
  const tenantId = await db.createTenant()
  const partners = uuidv7()
  await db.asAdmin(
    `insert into app.tenant_user (tenant_id, id, name, role)
     select $1, u, u, case u when 'admin' then 'admin' else 'member' end from unnest($2::text[]) u`,
    [tenantId, [...PEOPLE]],
  )
  await db.asAdmin(`insert into app.user_group (tenant_id, id, name) values ($1, $2, 'Partners')`, [
    tenantId,
    partners,
  ])
  const [here, there] = [served(), served()]
  const as = (operations: readonly Operation[], subject: Person): Ask => {
    const more = subject === 'admin' ? ['documents:read_all'] : []
    return callerOf(db.database, operations, tenantId, {
      subject,
      scopes: ['documents:read', 'documents:write', ...more],
    })
  }
  // As people are managed: under the tenant's seal, so that cached answers are known to be old.
  const manage = (statement: Statement) =>
    db.database.writeAs({ tenantId, subject: 'admin', reads: 'all', rights: ['people'] }, tx =>
      tx.run(statement),
    )
  const ground: AccessGround = {
    tenantId,
    partners,
    ask: Object.fromEntries(PEOPLE.map(person => [person, as(here, person)])) as Record<Person, Ask>,
    elsewhere: person => as(there, person),
    scopeOf: person => ({ tenantId, subject: person, reads: person === 'admin' ? 'all' : 'listed' }),
    join: person => manage(sql`insert into app.group_member values (${tenantId}, ${partners}, ${person})`),
    leave: person =>
      manage(sql`
        delete from app.group_member
        where tenant_id = ${tenantId} and group_id = ${partners} and user_id = ${person}`),
  }
  await ground.join('ada')
  return ground
}
