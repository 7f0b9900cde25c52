// Which minor versions of PostgreSQL and pgvector are too old to run. One table; as of 21 November 2026.
// Sources: postgresql.org/support/versioning (ends of life) and postgresql.org/support/security (the releases of
// 14 May 2026 closed 11 holes, of which several can be reached by any login); the changelog of pgvector for 0.8.2, which
// mended a heap overflow in parallel builds of HNSW indexes.

export interface PostgresRelease {
  readonly major: number
  /** Older ones have known holes. */
  readonly leastMinor: number
  /** Nobody mends it from then on. */
  readonly endOfLife: string
}

export const POSTGRES_RELEASES: readonly PostgresRelease[] = [
  { major: 18, leastMinor: 4, endOfLife: '2030-11-14' },
  { major: 17, leastMinor: 10, endOfLife: '2029-11-08' },
  { major: 16, leastMinor: 14, endOfLife: '2028-11-09' },
  { major: 15, leastMinor: 18, endOfLife: '2027-11-11' },
  { major: 14, leastMinor: 23, endOfLife: '2026-11-12' },
]

export const PGVECTOR_AT_LEAST = [0, 8, 2] as const
