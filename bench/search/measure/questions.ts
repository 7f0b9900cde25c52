// The questions that tenants ask, with the vectors their words stand for.
import { queryOf } from '../ground/corpus.ts'
import type { SearchGround } from '../ground/search-ground.ts'

export type Tenant = SearchGround['tenants'][number]

export interface Question {
  readonly text: string
  readonly vector: Float32Array
}

export function questionsOf({ vectors }: SearchGround, tenant: Tenant, count: number): Question[] {
  return Array.from({ length: count }, (_, at) => {
    const { text, about } = queryOf(tenant, at)
    return { text, vector: vectors.ofQuery(about, tenant.first * 31 + at) }
  })
}

/** Large, middle and small: the tenants that figures are given for. */
export function measuredTenants({ tenants }: Pick<SearchGround, 'tenants'>): Tenant[] {
  return [tenants[0], tenants[9], tenants[19]].filter(tenant => tenant !== undefined)
}

export function sizeOf({ size }: Tenant): string {
  return `${size.toLocaleString('en-US')} chunks`
}
