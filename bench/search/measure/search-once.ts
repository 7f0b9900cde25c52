// What `hybrid_search` asks the database, statement for statement: the one place to change when the product's batch does.
import { lexical } from '../../../src/features/retrieval/branches/lexical.ts'
import { nearest, preferIndex } from '../../../src/features/retrieval/branches/nearest.ts'
import { knownWords } from '../../../src/features/retrieval/query/known-words.ts'
import type { Database } from '../../../src/platform/db/database.ts'
import type { SearchGround } from '../ground/search-ground.ts'
import type { Question, Tenant } from './questions.ts'

/** Hits asked for. */
const LIMIT = 10

/** Who asks: 'all' without access lists in the way, else those lists decide. */
export interface Reader {
  readonly subject: string
  readonly reads: 'all' | 'listed'
  /** Whether the tenant has access lists, as the server knows from its last search. */
  readonly asListed?: boolean
}

const ANYONE: Reader = { subject: 'bench', reads: 'listed' }

/** Asks as the application role under the tenant's seal, in one exchange. */
export async function searchOnce(
  database: Database,
  { model }: Pick<SearchGround, 'model'>,
  { id, size }: Tenant,
  { text, vector, reader: { asListed = false, ...reader } = ANYONE }: Question & { readonly reader?: Reader },
) {
  const [, byWords, , byVector] = await database.readBatchAs({ tenantId: id, ...reader }, [
    knownWords(id, text, { asListed }),
    // The server knows the number of passages from the tenant's last search.
    lexical(id, text, { model, passages: size, exact: LIMIT }),
    preferIndex(),
    nearest(id, vector, { model }),
  ])
  return { byWords, byVector }
}
