// The list of all operations: the only file that knows every feature.
import type { Operation } from '../gate/operation.ts'
import { operations as accounts, type AccountsDeps } from './accounts/operations.ts'
import { operations as agents, type AgentsDeps } from './agents/operations.ts'
import { operations as audit } from './audit/operations.ts'
import { operations as documents, type DocumentsDeps } from './documents/operations.ts'
import { operations as embeddings, type EmbeddingsDeps } from './embeddings/operations.ts'
import { operations as identity, type IdentityDeps } from './identity/operations.ts'
import { operations as people, type PeopleDeps } from './people/operations.ts'
import { operations as retrieval, type RetrievalDeps } from './retrieval/operations.ts'
import { operations as system, type SystemDeps } from './system/operations.ts'
import { operations as tenants, type TenantsDeps } from './tenants/operations.ts'
import { operations as usage, type UsageDeps } from './usage/operations.ts'

export interface CatalogDeps extends UsageDeps {
  readonly retrieval: RetrievalDeps
  readonly documents: DocumentsDeps
  readonly agents: Omit<AgentsDeps, 'searches'>
  readonly embeddings: EmbeddingsDeps
  readonly identity: IdentityDeps
  readonly people: PeopleDeps
  readonly accounts: AccountsDeps
  readonly tenants: TenantsDeps
  readonly system: SystemDeps
}

/** Tools are listed to callers in this order. */
export function catalog(deps: CatalogDeps): readonly Operation[] {
  const searches = retrieval(deps.retrieval)
  return [
    ...searches,
    ...documents(deps.documents),
    ...agents({ ...deps.agents, searches }),
    ...tenants(deps.tenants),
    ...people(deps.people),
    ...accounts(deps.accounts),
    ...embeddings(deps.embeddings),
    ...identity(deps.identity),
    ...audit(),
    ...system(deps.system),
    ...usage(deps),
  ]
}
