// Every check, in the order they are told.
import type { Finding } from '../finding.ts'
import type { Facts } from '../facts/facts.ts'
import { configurationChecks } from './configuration.ts'
import { databaseChecks } from './database.ts'
import { fileChecks } from './files.ts'
import { machineChecks } from './machine.ts'
import { networkChecks } from './network.ts'
import { workChecks } from './work.ts'

export function checks(facts: Facts): Finding[] {
  return [
    ...machineChecks(facts),
    ...configurationChecks(facts),
    ...fileChecks(facts),
    ...networkChecks(facts),
    ...databaseChecks(facts),
    ...workChecks(facts),
  ]
}
