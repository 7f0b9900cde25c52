// One tenant's doors, for work that runs outside of a call: background jobs and the seeding of samples.
import type { Database, Reader, TenantScope, Writer } from './database.ts'

/** Each call is a transaction of its own under the tenant's seal. */
export interface TenantDoors {
  readonly tenantId: string
  read<T>(fn: (tx: Reader) => Promise<T>): Promise<T>
  write<T>(fn: (tx: Writer) => Promise<T>): Promise<T>
}

export function tenantDoors(database: Database, scope: TenantScope): TenantDoors {
  return {
    tenantId: scope.tenantId,
    read: fn => database.readAs(scope, fn),
    write: fn => database.writeAs(scope, fn),
  }
}
