// Gathers all facts: settings first, since they say where everything else is.
import { settingFiles, type Config } from '../../../platform/config.ts'
import { asFault } from '../../../platform/faults.ts'
import type { Operator } from '../../../protocols/cli/operator.ts'
import { isAnswering } from '../../../protocols/http/listen.ts'
import { publishedSocketPath } from '../../../protocols/http/socket-path.ts'
import { withPlace } from './content-facts.ts'
import { databaseFacts } from './database-facts.ts'
import type { DatabaseFacts, Facts, RegistryFacts, UnseenDatabase } from './facts.ts'
import { fileFacts } from './file-facts.ts'
import { machineFacts } from './machine-facts.ts'
import { networkFacts } from './network-facts.ts'

export interface GatherDeps {
  /** Throws what is wrong with the settings. */
  readonly loadConfig: () => Config
  readonly version: string
  /** The server that runs on the data folder; asked only when it does. */
  readonly openOperator: () => Promise<Pick<Operator, 'run' | 'close'>>
}

export async function gatherFacts({ loadConfig, version, openOperator }: GatherDeps): Promise<Facts> {
  const config = settings(loadConfig)
  if ('problem' in config) {
    const unseen = 'not looked at: the settings are not valid'
    const machine = await machineFacts(undefined, version)
    return {
      now: new Date(),
      machine,
      files: [],
      config,
      network: undefined,
      database: { unseen, isFault: false },
    }
  }
  const socket = await publishedSocketPath(config.dataDir)
  const isRunning = socket !== undefined && (await isAnswering(socket))
  const database = await databaseFacts(config, isRunning)
  const told =
    'unseen' in database && isRunning ? await toldBy(openOperator, config.dataDir, database) : database
  const registry = 'unseen' in told ? told.registry : told.content
  const running = { isRunning, isSocketDead: socket !== undefined && !isRunning }
  const places = {
    dataDir: config.dataDir,
    socket: isRunning ? socket : undefined,
    settingFiles: settingFiles(),
  }
  return {
    now: new Date(),
    config,
    database: told,
    machine: await machineFacts(config.dataDir, version),
    files: await fileFacts(places),
    network: await networkFacts(config, running, registry?.servingModel),
  }
}

function settings(loadConfig: () => Config): Facts['config'] {
  try {
    return loadConfig()
  } catch (error) {
    const { code, say, message } = asFault(error)
    return { problem: code === 'internal' ? message : say }
  }
}

/** What the server says of a database that only it can see. */
async function toldBy(
  openOperator: GatherDeps['openOperator'],
  dataDir: string,
  database: UnseenDatabase,
): Promise<DatabaseFacts | UnseenDatabase> {
  const operator = await openOperator()
  try {
    return { ...database, registry: await registryOf(operator, dataDir) }
  } catch (error) {
    return {
      unseen: `The server runs, but cannot tell of its database: ${asFault(error).say}`,
      isFault: true,
    }
  } finally {
    await operator.close()
  }
}

async function registryOf({ run }: Pick<Operator, 'run'>, dataDir: string): Promise<RegistryFacts> {
  const { keys } = (await run('list_signing_keys', {})) as {
    keys: { id: string; status: string; created_at: string }[]
  }
  const { tenants } = (await run('list_tenants', {})) as {
    tenants: { slug: string; status: string; created_at: string }[]
  }
  const { models } = (await run('get_embedding_status', {})) as { models: { name: string; state: string }[] }
  return {
    keys: await Promise.all(
      keys.map(({ id, status, created_at: at }) =>
        withPlace({ kid: id, status, createdAt: new Date(at) }, dataDir),
      ),
    ),
    tenants: tenants.map(({ slug, status, created_at: at }) => ({ slug, status, since: new Date(at) })),
    servingModel: models.find(({ state }) => state === 'serving')?.name,
  }
}
