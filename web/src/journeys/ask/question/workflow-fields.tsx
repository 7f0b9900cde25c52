// The form of what a workflow takes besides the question.
import { Checkbox } from '../../../parts/inputs/checkbox.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { Select } from '../../../parts/inputs/select.tsx'
import type { FieldIssue } from '../../../api/problem.ts'
import type { InputField } from './input-fields.ts'

export interface WorkflowFieldsProps {
  readonly fields: readonly InputField[]
  readonly values: Readonly<Record<string, string>>
  readonly issues: readonly FieldIssue[]
  readonly onChange: (name: string, value: string) => void
}

export function WorkflowFields({ fields, values, issues, onChange }: WorkflowFieldsProps) {
  return fields.map(field => (
    <OneField
      key={field.name}
      field={field}
      value={values[field.name] ?? field.initial}
      wrong={issueOf(issues, field.name)}
      onChange={value => onChange(field.name, value)}
    />
  ))
}

/** What the server says of a field, whether it stands in the input or beside it. */
export function issueOf(issues: readonly FieldIssue[], name: string): string | undefined {
  return issues.find(({ field }) => field === name || field === `input.${name}`)?.message
}

interface OneFieldProps {
  readonly field: InputField
  readonly value: string
  readonly wrong: string | undefined
  readonly onChange: (value: string) => void
}

function OneField({ field, value, wrong, onChange }: OneFieldProps) {
  const { label, kind, hint, isRequired, choices, least, most, isWhole } = field
  if (kind === 'flag') {
    return (
      <div className="self-end">
        <Checkbox
          label={label}
          hint={wrong ?? hint}
          checked={value === 'true'}
          onChange={event => onChange(String(event.currentTarget.checked))}
        />
      </div>
    )
  }
  if (kind === 'choice') {
    const all = isRequired || value !== '' ? choices : ['', ...choices]
    return (
      <Select
        label={label}
        value={value}
        choices={all.map(one => ({ value: one, label: one === '' ? 'As it is by default' : one }))}
        onChange={onChange}
      />
    )
  }
  const bounds =
    kind === 'number' ? ({ type: 'number', min: least, max: most, step: isWhole ? 1 : 'any' } as const) : {}
  return (
    <TextField
      label={label}
      hint={hint}
      wrong={wrong}
      required={isRequired}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
      {...bounds}
    />
  )
}
