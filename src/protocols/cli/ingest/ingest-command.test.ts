import { Command } from 'commander'
import { expect, test } from 'vitest'
import { asFault } from '../../../platform/faults.ts'
import { addIngestCommand } from './ingest-command.ts'

/** What typing `ingest …` ends with, when it has to end before the server or the database is opened. */
async function refusalOf(args: readonly string[]) {
  let refused: unknown
  const program = new Command()
  const openOperator = () => expect.unreachable('the operator was opened')
  addIngestCommand(program, openOperator, async fn => {
    await fn().catch((error: unknown) => (refused = error))
  })
  await program.parseAsync(['ingest', ...args], { from: 'user' })
  return asFault(refused)
}

test.for([
  [['package.json'], '--tenant'],
  [['no-such-folder', '--tenant', 'acme'], 'no-such-folder'],
  [['*.nothing', '--tenant', 'acme'], '*.nothing'],
  [['-', '--tenant', 'acme'], '--name'],
  [['package.json', '--name', 'a.json', '--tenant', 'acme'], '--name'],
  [['package.json', '--tenant', 'acme', '--metadata', 'year'], 'key=value'],
  [['package.json', '--tenant', 'acme', '--key-prefix', ''], '--key-prefix'],
  [['https://example.com/a', '--tenant', 'acme', '--key-prefix', 'a'], '--key-prefix'],
  [['https://example.com/a', '--tenant', 'acme', '--watch'], '--watch'],
] as const)('%j is a mistake, and nothing is opened', async ([args, words]) => {
  const refused = await refusalOf(args)
  expect(refused.code).toBe('invalid_input')
  expect(refused.say).toContain(words)
})
