// `gatehouse attack` and `gatehouse doctor` on the server as it stands, and with something broken.
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { Section } from '../page.ts'
import type { OpenServer, ServerDeployment } from '../server-deployment.ts'
import { typed } from './typed.ts'

/** Attacks that stand for their kind on the page; all are run. */
const SHOWN = /^(SWEEP-|AU01|AU15|RL01|RL05|RL06|RL27|RL29|RL32|.*FOUND)/
const ATTACK_MS = 180_000

export async function attacked(section: Section, deployment: ServerDeployment): Promise<void> {
  const { gatehouse, asAdmin } = await deployment.open()
  section.say('All attacks; some of the table:')
  const { code, output } = await typed(
    section,
    { run: line => gatehouse.run(line, {}, ATTACK_MS) },
    'attack',
    some,
  )
  section.claim(
    'every attack was run and none was successful',
    code === 0 && / 0 found, \d+ held, 0 not run/.test(output),
  )
  const opening = 'create policy open on app.term_stat for select using (true)'
  section.say(`After \`${opening}\`, two of them again:`)
  await asAdmin(opening)
  const red = await typed(section, gatehouse, 'attack --only RL01,RL06', some)
  await asAdmin('drop policy open on app.term_stat')
  section.claim(
    'with one table open, attack ends with 8 and names it',
    red.code === 8 && /RL01 +FOUND[^]*app\.term_stat shows \d+ rows/.test(red.output),
  )
  const tenants = await gatehouse.command('tenant list')
  section.claim('no tenant of the attacks is left', !tenants.output.includes('attack-'))
}

export async function examined(section: Section, deployment: ServerDeployment): Promise<void> {
  const { gatehouse } = await deployment.open()
  const sound = await typed(section, gatehouse, 'doctor')
  section.claim(
    'nothing is wrong with a sound deployment',
    sound.code === 0 && !sound.output.includes('ERROR'),
  )
  const keyFile = join(gatehouse.dataDir, 'keys', 'seal')
  section.say('With a key file that others can read, and a setting that is mistyped:')
  await chmod(keyFile, 0o644)
  const run = (line: string) => gatehouse.run(line, { GATEHOUSE_PROT: '8080' })
  const broken = await typed(section, { run }, 'doctor', wrongOnly)
  await chmod(keyFile, 0o600)
  section.claim(
    'both are found, each with its fix, and it ends with 8',
    broken.code === 8 &&
      /seal-key-mode[^]*chmod 600[^]*GATEHOUSE_PROT[^]*Correct or remove/.test(broken.output),
  )
}

/** Beside the sweep that the tests run: what an operator sees when a policy was dropped. */
export async function redWithoutPolicy(
  section: Section,
  { gatehouse }: OpenServer,
  table: string,
): Promise<void> {
  section.say(
    'The same, as an operator finds it out. No tenant can be filled any more, so of the attacks only those are run that need ' +
      "the application's login alone:",
  )
  const attack = await typed(section, gatehouse, 'attack', some)
  const doctor = await typed(section, gatehouse, 'doctor', wrongOnly)
  section.claim(
    'attack and doctor end with 8 and name the table',
    [attack, doctor].every(({ code, output }) => code === 8 && output.includes(`${table}: no policy for`)),
  )
}

/** The attacks that are shown of those that were run, and the last line. */
function some(output: string): string {
  const lines = output.split('\n')
  return lines
    .filter(
      (line, at) =>
        (SHOWN.test(line) && isRow(line)) || follows(lines[at - 1]) || / found, \d+ held/.test(line),
    )
    .filter(line => !line.startsWith('gatehouse:') && !line.startsWith('{'))
    .join('\n')
}

const isRow = (line: string): boolean => /^\S+ +(held|FOUND) {2,}/.test(line)
const follows = (before = ''): boolean => SHOWN.test(before) && isRow(before)

function wrongOnly(output: string): string {
  return output
    .split('\n')
    .filter(line => !/^(ok |\{)/.test(line))
    .join('\n')
    .trimEnd()
}
