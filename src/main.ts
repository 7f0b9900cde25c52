// The entry: reads the command line and builds what the command needs.
import { runCommandLine, type CliActions } from './protocols/cli/program.ts'
import { chosenWay } from './protocols/cli/connection/way-options.ts'
import { loadConfig, type Config } from './platform/config.ts'
import { createLogger } from './platform/telemetry/logger.ts'
import { startTracing } from './platform/telemetry/start-tracing.ts'
import { bringDown, bringUpAlone, initServerDatabase } from './platform/db/administer.ts'
import { formatSealKeys, newSealKey } from './platform/db/seal-keys.ts'
import { makeDataFolder } from './platform/data-folder.ts'
import { openGatehouse, type Surroundings } from './gatehouse.ts'
import { openOperator } from './operate.ts'
import { serve } from './serve.ts'
import { serveStdio } from './stdio.ts'
import { attackDeployment, type AttackOptions } from './proofs/attack/attack-deployment.ts'
import { diagnose } from './proofs/doctor/diagnose.ts'
import { evaluate } from './proofs/eval/evaluate.ts'
import { VERSION } from './platform/version.ts'

function surroundings(config: Config = loadConfig(), logLevel: string = config.logLevel): Surroundings {
  startTracing()
  for (const warning of config.warnings) process.stderr.write(`${warning}\n`)
  return { config, log: createLogger(logLevel), progress: line => void process.stderr.write(`${line}\n`) }
}

/** A command's own work is not worth log lines; what it opens speaks up only when something is wrong. */
function quietly(): Surroundings {
  return { ...surroundings(loadConfig(), 'warn'), progress: () => undefined }
}

const actions: CliActions = {
  serve: options => (options.stdio === true ? serveStdio(quietly(), options) : serve(surroundings())),
  migrate: async ({ down }) => {
    const { config, progress } = surroundings()
    await makeDataFolder(config.dataDir)
    await (down === undefined ? bringUpAlone(config, progress) : bringDown(config, Number(down), progress))
  },
  initDatabase: async () => {
    const { config, progress } = surroundings()
    await initServerDatabase(config, progress)
  },
  isRemote: options => chosenWay(options, loadConfig().remote) !== undefined,
  newSealKey: () => formatSealKeys([newSealKey()]),
  evaluate: options => {
    const surroundings = quietly()
    return evaluate(options, {
      config: surroundings.config,
      openGatehouse: config => openGatehouse({ ...surroundings, config }),
      openOperator: () => openOperator(surroundings),
    })
  },
  attack: (options: AttackOptions) => {
    const surroundings = quietly()
    const { config } = surroundings
    // An operator key makes the tenants there; without one they come through the socket of this machine.
    const way = options.url === undefined || config.remote.token === undefined ? {} : { url: options.url }
    return attackDeployment(options, { config, openOperator: () => openOperator(surroundings, way) })
  },
  // Its own reading of the settings: that they are not valid is a finding.
  doctor: options =>
    diagnose(options, { loadConfig, version: VERSION, openOperator: () => openOperator(quietly()) }),
  openOperator: options => openOperator(quietly(), options),
}

process.exitCode = await runCommandLine(process.argv.slice(2), actions, VERSION)
