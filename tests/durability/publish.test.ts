// A process killed in the middle of ingestion: what it had acknowledged is there, and nothing is there by half.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/platform/db/statements.ts'
import { openDurableGround, type DurableGround } from '../harness/durable-ground.ts'
import { indexFaults } from '../harness/index-faults.ts'

let ground: DurableGround

beforeAll(async () => {
  ground = await openDurableGround()
}, 120_000)
afterAll(() => ground.clear())

/** Runs the ingesting process until it has acknowledged `documents`, lets it run on a little, and kills it. */
async function ingestAndKill(documents: number, laterMs: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'ingest-forever.ts'), JSON.stringify(ground.order)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = new Promise(resolve => child.once('close', resolve))
  let said = ''
  for await (const piece of child.stdout) {
    said += String(piece)
    if (!child.killed && said.split('\n').length > documents) {
      await new Promise(resolve => setTimeout(resolve, laterMs))
      child.kill('SIGKILL')
    }
  }
  await ended
  // The last line may be cut.
  return said.split('\n').slice(0, -1)
}

test.each([3, 47, 131])(
  'killed %d ms after an acknowledgement: all that was acknowledged is there, nothing by half',
  async laterMs => {
    const said = await ingestAndKill(8, laterMs)
    const scope = { tenantId: ground.order.tenantId, subject: 'look' }
    await ground.look(async database => {
      expect(await database.readAs(scope, indexFaults)).toEqual([])
      const rows = await database.readAs(scope, tx =>
        tx.all(sql<{ id: string }>`select id from app.document`),
      )
      const there = new Set(rows.map(({ id }) => id))
      const withdrawn = said.filter(line => line.startsWith('-')).map(line => line.slice(1))
      const kept = said.filter(line => !line.startsWith('-') && !withdrawn.includes(line))
      // The kill may have come after a withdrawal and before its line.
      const missing = kept.filter(id => !there.has(id))
      expect(missing.length).toBeLessThanOrEqual(1)
      expect(missing.every(id => id === kept.at(-1))).toBe(true)
      expect(withdrawn.filter(id => there.has(id))).toEqual([])
    })
  },
  120_000,
)
