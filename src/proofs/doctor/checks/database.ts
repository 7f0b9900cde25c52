// The database: its versions, and whether the walls between tenants stand.
import { fine, odd, wrong, type Finding } from '../finding.ts'
import type { DatabaseFacts, Facts } from '../facts/facts.ts'
import { PGVECTOR_AT_LEAST, POSTGRES_RELEASES } from './postgres-versions.ts'

const CLOCK_MS = 5_000
const DAY_MS = 86_400_000
const SEAL_KEY_DAYS = 365
const MOST_SHOWN = 5

export function databaseChecks({ database, now }: Facts): Finding[] {
  if ('unseen' in database) {
    if (!database.isFault) return [fine('database', database.unseen)]
    return [wrong('database', database.unseen, 'Start the database, or correct the URL that is named.')]
  }
  return [
    ...versionChecks(database, now),
    ...startupChecks(database),
    ...catalogChecks(database),
    ...schemaChecks(database),
    clockCheck(database),
    ...sealCheck(database, now),
  ]
}

function versionChecks({ engine, version, vector }: DatabaseFacts, now: Date): Finding[] {
  const [major, minor] = [Math.floor(version / 10_000), version % 10_000]
  // The embedded one cannot be reached from outside and comes with Gatehouse.
  if (engine === 'pglite')
    return [fine('postgres', `embedded PostgreSQL ${major}.${minor}, pgvector ${vector ?? 'missing'}`)]
  const release = POSTGRES_RELEASES.find(one => one.major === major)
  const findings: Finding[] = []
  if (release !== undefined && minor < release.leastMinor)
    findings.push(
      wrong(
        'postgres',
        `PostgreSQL ${major}.${minor} has known holes.`,
        `Update it to ${major}.${release.leastMinor} or a newer minor version; no data has to move.`,
      ),
    )
  const isOver = major < 14 || (release !== undefined && now >= new Date(release.endOfLife))
  if (isOver)
    findings.push(
      wrong(
        'postgres-end-of-life',
        `PostgreSQL ${major} is not maintained any more.`,
        'Move to PostgreSQL 18.',
      ),
    )
  if (findings.length === 0) findings.push(fine('postgres', `PostgreSQL ${major}.${minor}`))
  if (vector !== undefined && isOlder(vector, PGVECTOR_AT_LEAST))
    findings.push(
      odd(
        'pgvector',
        `pgvector is ${vector}.`,
        `Update it to ${PGVECTOR_AT_LEAST.join('.')} or newer, then: alter extension vector update.`,
      ),
    )
  return findings
}

function isOlder(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number)
  const at = least.findIndex((one, index) => (parts[index] ?? 0) !== one)
  return at >= 0 && (parts[at] ?? 0) < (least[at] ?? 0)
}

/** The same that a start is refused for, under names that scripts can ask for. */
function startupChecks({ startup }: DatabaseFacts): Finding[] {
  if (startup.length === 0) return [fine('start', 'nothing stands against a start')]
  return startup.map(({ check, problem, fix }) => {
    const id = check.toLowerCase().replaceAll(/[^a-z]+/g, '-')
    return wrong(`start-${id}`, `${check}: ${problem}.`, sentence(fix))
  })
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
}

function catalogChecks({ catalog }: DatabaseFacts): Finding[] {
  if (catalog.length === 0)
    return [fine('catalog', 'every table, view, function and role is as it should be')]
  const more = catalog.length > MOST_SHOWN ? ` (and ${catalog.length - MOST_SHOWN} more)` : ''
  return [
    wrong(
      'catalog',
      `${catalog.slice(0, MOST_SHOWN).join('; ')}${more}.`,
      'Undo what was changed by hand, or migrate a new database from a backup; gatehouse attack shows what it lets through.',
    ),
  ]
}

function schemaChecks({ missingMigrations, unknownMigrations, staleFunctions }: DatabaseFacts): Finding[] {
  const findings: Finding[] = []
  if (missingMigrations.length > 0)
    findings.push(
      wrong('migrations', `Not applied: ${missingMigrations.join(', ')}.`, 'Run: gatehouse migrate'),
    )
  if (unknownMigrations.length > 0)
    findings.push(
      wrong(
        'migrations-unknown',
        `This version does not know: ${unknownMigrations.join(', ')}.`,
        'Run the newer version of Gatehouse that applied them.',
      ),
    )
  if (staleFunctions !== undefined && staleFunctions.length > 0)
    findings.push(
      wrong(
        'functions',
        `Not the text of this version: ${staleFunctions.join(', ')}.`,
        'Run: gatehouse migrate',
      ),
    )
  if (findings.length > 0) return findings
  const functions =
    staleFunctions === undefined ? ' (functions were not compared: that needs DATABASE_OWNER_URL)' : ''
  return [fine('migrations', `all are applied${functions}`)]
}

function clockCheck({ clockDifferenceMs }: DatabaseFacts): Finding {
  const seen = `This machine and the database differ by ${Math.round(clockDifferenceMs / 100) / 10} s.`
  if (clockDifferenceMs <= CLOCK_MS) return fine('clock', seen)
  return wrong('clock', seen, 'Let both follow a time server: seals and tokens expire by the clock.')
}

function sealCheck({ sealKeyMadeAt }: DatabaseFacts, now: Date): Finding[] {
  if (sealKeyMadeAt === undefined) return []
  const days = Math.floor((now.getTime() - sealKeyMadeAt.getTime()) / DAY_MS)
  if (days <= SEAL_KEY_DAYS) return [fine('seal-key', `made ${days} days ago`)]
  return [
    odd(
      'seal-key',
      `The key of the tenant seal is ${days} days old.`,
      'Run: gatehouse key rotate-seal (with several processes: docs/SECURITY.md says how).',
    ),
  ]
}
