// docs/ATTACK.md and docs/DOCTOR.md against the code: every attack that is run, and every finding that can be told, has
// its row, and no row is about one that is gone.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ATTACKS } from '../../src/proofs/attack/attacks.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

function rowsOf(page: string): string[][] {
  return readFileSync(join(root, page), 'utf8')
    .split('\n')
    .filter(line => line.startsWith('| '))
    .map(line => line.split('|').map(cell => cell.trim()))
}

test('docs/ATTACK.md lists every attack by its id and in its words, in the order they run', () => {
  const listed = rowsOf('docs/ATTACK.md')
    .filter(([, id = '']) => /^([A-Z]{2}\d\d|SWEEP-)/.test(id))
    .map(([, id = '', title = '']) => `${id} ${title}`)
  expect(listed).toStrictEqual(ATTACKS.map(({ id, title }) => `${id} ${title}`))
})

test('docs/DOCTOR.md has a row for each finding that a check can tell, and for no other', () => {
  const folder = join(root, 'src/proofs/doctor/checks')
  const told = readdirSync(folder)
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap(name => [...readFileSync(join(folder, name), 'utf8').matchAll(ID_TOLD)])
    .map(([, called, kept]) => called ?? kept ?? '')
  const listed = rowsOf('docs/DOCTOR.md').flatMap(([, id = '']) => id.match(/^`([a-z-]+)`$/)?.[1] ?? [])
  expect(told.length).toBeGreaterThan(30)
  expect(listed.toSorted()).toStrictEqual([...new Set(told)].toSorted())
})

/** The id as it is given to fine, odd or wrong, or kept by kind of file. */
const ID_TOLD = /(?:\b(?:fine|odd|wrong)\)?\(\s*'([a-z-]+)')|(?:^ {2}'?[a-z ]+'?: '([a-z-]+-mode)')/gm
