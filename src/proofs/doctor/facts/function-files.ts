// Whether the functions in the database are those of this version: their files' checksums beside the ones applied.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onWire, sql } from '../../../platform/db/statements.ts'
import type { Session } from '../../../platform/db/engine/engine.ts'

const SOURCE = fileURLToPath(new URL('../../..', import.meta.url))

/** Names of the files whose text is not applied. The session may take on the owner's role. */
export async function staleFunctions(session: Session): Promise<string[]> {
  await session.send({ text: 'begin' })
  try {
    await session.send({ text: 'set local role gatehouse_owner' })
    const { rows } = await session.send(onWire(sql`select name, checksum from app.applied_function`))
    const applied = new Map(rows.map(({ name, checksum }) => [String(name), String(checksum)]))
    const files = (await readdir(SOURCE, { recursive: true })).filter(file => file.endsWith('.fn.sql'))
    const stale = await Promise.all(
      files.map(async file => {
        const checksum = createHash('sha256')
          .update(await readFile(join(SOURCE, file), 'utf8'))
          .digest('hex')
        return applied.get(basename(file)) === checksum ? [] : [basename(file)]
      }),
    )
    return stale.flat().toSorted()
  } finally {
    await session.send({ text: 'rollback' })
  }
}
