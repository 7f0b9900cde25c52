// All that doctor knows before it judges. Facts are gathered once, from outside; the checks are pure, so that every fault
// can be put to them without a broken machine.
import type { Config } from '../../../platform/config.ts'

export interface FileFact {
  readonly path: string
  readonly what:
    | 'data folder'
    | 'keys folder'
    | 'seal key'
    | 'signing key'
    | 'settings file'
    | 'socket'
    | 'socket folder'
  /** The nine bits of rights. */
  readonly mode: number
  readonly isMine: boolean
}

export interface MachineFacts {
  /** Of Node, as `process.versions` says. */
  readonly node: string
  readonly gatehouse: string
  readonly disk:
    | {
        readonly freeBytes: number
        readonly bytes: number
        readonly freeInodes: number
        readonly inodes: number
      }
    | undefined
  /** Soft limit; undefined where the system does not tell. */
  readonly openFiles: number | undefined
  readonly memoryBytes: number
}

export interface NetworkFacts {
  readonly port: number
  /** Whether this data folder's server runs (its socket answers). */
  readonly isRunning: boolean
  /** A socket was published, but nobody answers. */
  readonly isSocketDead: boolean
  /** Something accepts connections on the port; and it is a Gatehouse. */
  readonly isTaken: boolean
  readonly isGatehouse: boolean
  /** The code of why nobody could listen. */
  readonly whyNotListen: string | undefined
  /** Each embedding model in use, with what its server answered. */
  readonly embeddings: readonly { readonly name: string; readonly problem: string | undefined }[]
}

export interface KeyFact {
  readonly kid: string
  readonly status: string
  readonly createdAt: Date
  /** The private half lies in this data folder. */
  readonly isHere: boolean
}

export interface TenantFact {
  readonly slug: string
  readonly status: string
  readonly since: Date
}

export interface JobFacts {
  readonly dead: number
  /** Seconds that the oldest job which could run has waited. */
  readonly oldestSeconds: number
}

/** What a running server tells of its registry. */
export interface RegistryFacts {
  readonly keys: readonly KeyFact[]
  readonly tenants: readonly TenantFact[]
  readonly servingModel: string | undefined
}

export interface DatabaseFacts {
  readonly engine: 'pglite' | 'postgres'
  /** 180006 */
  readonly version: number
  readonly vector: string | undefined
  /** What a start would be refused for. */
  readonly startup: readonly { readonly check: string; readonly problem: string; readonly fix: string }[]
  /** Sentences of the sweep of the catalog. */
  readonly catalog: readonly string[]
  readonly unknownMigrations: readonly string[]
  readonly missingMigrations: readonly string[]
  /** Files whose text is not the one applied; undefined without the owner's login. */
  readonly staleFunctions: readonly string[] | undefined
  readonly clockDifferenceMs: number
  /** When the key that seals are signed with was made. */
  readonly sealKeyMadeAt: Date | undefined
  /** What is in it; undefined where it cannot be asked yet. */
  readonly content: ContentFacts | undefined
}

export interface ContentFacts extends RegistryFacts {
  /** Undefined without the worker's login. */
  readonly jobs: JobFacts | undefined
  /** Seconds since the oldest audit row that is not in its chain yet. */
  readonly openAuditSeconds: number
}

/** Why nothing is known of it, or only what its server tells; `isFault` when that is a finding. */
export interface UnseenDatabase {
  readonly unseen: string
  readonly isFault: boolean
  readonly registry?: RegistryFacts
}

export interface Facts {
  readonly now: Date
  readonly machine: MachineFacts
  readonly files: readonly FileFact[]
  /** Or why it is not valid. */
  readonly config: Config | { readonly problem: string }
  readonly network: NetworkFacts | undefined
  readonly database: DatabaseFacts | UnseenDatabase
}
