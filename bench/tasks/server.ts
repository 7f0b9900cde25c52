// The server as src/main.ts starts it, with the benchmark's workflows beside our own.
import { loadConfig } from '../../src/platform/config.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { serve } from '../../src/serve.ts'
import { noOpWorkflows } from './no-op-workflows.ts'

const config = loadConfig()
await serve({
  config,
  log: createLogger(config.logLevel),
  workflows: noOpWorkflows,
  progress: line => void process.stderr.write(`${line}\n`),
})
