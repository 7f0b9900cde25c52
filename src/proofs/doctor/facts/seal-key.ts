// The key that seals are signed with, where this command can read it. It is never made here, and never shown.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../../platform/config.ts'
import type { SealKey } from '../../../platform/db/seal.ts'
import { parseSealKeys } from '../../../platform/db/seal-keys.ts'

/** A key that no database knows where there is none: that its seal is refused is the finding. */
export async function sealKeyOf({ sealKeys, dataDir }: Config): Promise<SealKey> {
  const text =
    sealKeys?.reveal() ?? (await readFile(join(dataDir, 'keys', 'seal'), 'utf8').catch(() => undefined))
  const [key] = text === undefined ? [] : parseSealKeys(text.trim())
  return key ?? { id: 'nokey', secret: randomBytes(32) }
}

/** Keys that Gatehouse makes carry their birth in their name: k, milliseconds in base 36, four hexadecimal digits. */
export function madeAt({ id }: Pick<SealKey, 'id'>): Date | undefined {
  const time = /^k([0-9a-z]{8,9})[0-9a-f]{4}$/.exec(id)?.[1]
  return time === undefined ? undefined : new Date(Number.parseInt(time, 36))
}
