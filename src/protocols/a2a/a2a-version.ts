// Which version of A2A a request speaks (1.0, 3.6): the header or the parameter A2A-Version, 0.3 where neither is there.
// Only major and minor count.
import type { FastifyRequest } from 'fastify'
import { fault } from '../../platform/faults.ts'

export type A2aVersion = '1.0' | '0.3'

const VERSIONS: readonly A2aVersion[] = ['1.0', '0.3']

/** Throws for a version that is not served here. */
export function a2aVersion({ headers, query }: Pick<FastifyRequest, 'headers' | 'query'>): A2aVersion {
  const header = [headers['a2a-version'] ?? []].flat().join(',')
  const asked = [header, parameter(query, 'a2a-version')].find(value => value !== undefined && value !== '')
  if (asked === undefined) return '0.3'
  const [majorMinor] = /^\d{1,3}\.\d{1,3}(?=$|\.\d{1,3}$)/.exec(asked.trim()) ?? []
  const version = VERSIONS.find(served => served === majorMinor)
  if (version !== undefined) return version
  throw fault('unsupported', {
    reason: 'a2a_version',
    say: `This version of A2A is not served here; send A2A-Version: ${VERSIONS.join(' or ')}.`,
  })
}

/** What is no text is no version. */
function parameter(query: unknown, name: string): string | undefined {
  const found = Object.entries(query ?? {}).find(([key]) => key.toLowerCase() === name)
  if (found === undefined) return undefined
  return typeof found[1] === 'string' ? found[1] : 'several'
}
