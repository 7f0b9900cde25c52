// The name of a model's vector table, the one thing that is ever spliced into SQL.
import { fault } from '../faults.ts'

/**
 * `vectorTable(2)` is "app.vector_2". Safe to splice because it can hold nothing but digits: a name cannot be bound as
 * a value, so whatever is no positive 32-bit integer is refused here, however it came into the catalog table.
 */
export function vectorTable(modelNumber: number): string {
  if (!Number.isInteger(modelNumber) || modelNumber < 1 || modelNumber > 2_147_483_647)
    throw fault('internal', { detail: 'a model number that is no positive integer never reaches SQL' })
  return `app.vector_${modelNumber}`
}
