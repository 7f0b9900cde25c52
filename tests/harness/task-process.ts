// One process of a deployment, as `gatehouse serve` is, whose agents have the workflows of the durability proofs besides.
// Told all by its environment; TASK_EFFECTS_URL names the world its steps act on.
import { loadConfig } from '../../src/platform/config.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { serve } from '../../src/serve.ts'
import { taskWorkflows } from './task-workflows.ts'

const config = loadConfig()
await serve({
  config,
  log: createLogger(config.logLevel),
  progress: () => undefined,
  workflows: taskWorkflows(process.env['TASK_EFFECTS_URL'] ?? ''),
})
