// The database of a fleet in the test runner.
import { inject } from 'vitest'
import { openTestDatabase } from './database.ts'
import type { Ground } from './task-fleet.ts'

export async function openTestGround(): Promise<Ground> {
  const { urls, asAdmin, createTenant, close } = await openTestDatabase()
  if (urls === undefined) throw new Error('several processes need a server')
  const { id, secret } = inject('template').sealKey
  return {
    env: {
      DATABASE_URL: urls.app,
      DATABASE_OWNER_URL: urls.owner,
      DATABASE_WORKER_URL: urls.worker,
      GATEHOUSE_SEAL_KEYS: `${id}:${Buffer.from(secret, 'hex').toString('base64url')}`,
    },
    asAdmin,
    createTenant: () => createTenant(),
    close,
  }
}
