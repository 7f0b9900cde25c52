// A question that is being written, with what stands beside it. Pure.
import type { Input } from '../../../api/call.ts'
import type { Workflow } from '../../../api/operations.gen.ts'
import { inputFields, inputOf } from './input-fields.ts'

export interface Draft {
  readonly text: string
  readonly label: string
  readonly model: string
  /** Of the workflow's own fields, as they stand in the form. */
  readonly values: Readonly<Record<string, string>>
}

export const NO_DRAFT: Draft = { text: '', label: '', model: '', values: {} }

/** What every question has a place for on the page, whatever its workflow takes besides. */
export const OWN_FIELDS: readonly string[] = ['question', 'model', 'label']

/** Undefined while there is nothing to send. */
export function questionOf(
  { text, label, model, values }: Draft,
  { name, input_schema }: Workflow,
  contextId: string | undefined,
): Input<'start_task'> | undefined {
  if (text.trim() === '') return undefined
  const fields = inputOf(inputFields(input_schema, OWN_FIELDS), values)
  return {
    workflow: name,
    input: { ...fields, ...(model === '' ? {} : { model: model.trim() }), question: text.trim() },
    ...(label.trim() === '' ? {} : { label: label.trim() }),
    ...(contextId === undefined ? {} : { context_id: contextId }),
  }
}
