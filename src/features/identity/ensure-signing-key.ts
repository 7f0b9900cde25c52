// The first key of a deployment, made at its first start.
import type { Database } from '../../platform/db/database.ts'
import { Fault } from '../../platform/faults.ts'
import { activate, activeKey, newSigningKey } from './new-signing-key.ts'
import { privateKeys as keysOf } from './private-keys.ts'

/** Makes a signing key if there is none; of several processes that start at once, one makes it. */
export async function ensureSigningKey({
  database,
  dataDir,
}: {
  database: Database
  dataDir: string
}): Promise<void> {
  if ((await database.system('manage_keys', tx => tx.first(activeKey))) !== undefined) return
  const privateKeys = keysOf(dataDir)
  try {
    await activate(await newSigningKey(privateKeys), { system: database.system, privateKeys })
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'conflict')) throw error
  }
}
