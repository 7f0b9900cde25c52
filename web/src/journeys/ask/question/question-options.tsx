// What stands beside a question: who it is for, which model answers, and what else the workflow takes.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { operationQuery } from '../../../api/operation-query.ts'
import type { Workflow } from '../../../api/operations.gen.ts'
import type { FieldIssue } from '../../../api/problem.ts'
import { may, sessionQuery } from '../../../api/session.ts'
import { TextField } from '../../../parts/inputs/field.tsx'
import { Select } from '../../../parts/inputs/select.tsx'
import { hasField, inputFields } from './input-fields.ts'
import { type Draft, OWN_FIELDS } from './draft.ts'
import { issueOf, WorkflowFields } from './workflow-fields.tsx'

export interface QuestionOptionsProps {
  readonly workflows: readonly Workflow[]
  readonly workflow: Workflow
  readonly onWorkflow: (name: string) => void
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly issues: readonly FieldIssue[]
}

export function QuestionOptions(props: QuestionOptionsProps) {
  const { workflows, workflow, onWorkflow, draft, onDraft, issues } = props
  const { label, model, values } = draft
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {workflows.length > 1 && (
        <Select
          label="What is to be done"
          value={workflow.name}
          choices={workflows.map(({ name, title }) => ({ value: name, label: title }))}
          onChange={onWorkflow}
        />
      )}
      <TextField
        label="Label"
        hint="Stands beside the cost in reports: a client, a matter, a project."
        wrong={issueOf(issues, 'label')}
        value={label}
        maxLength={200}
        placeholder="M-2024-17"
        onChange={event => onDraft({ ...draft, label: event.currentTarget.value })}
      />
      {hasField(workflow.input_schema, 'model') && (
        <ModelField
          value={model}
          wrong={issueOf(issues, 'model')}
          onChange={next => onDraft({ ...draft, model: next })}
        />
      )}
      <WorkflowFields
        fields={inputFields(workflow.input_schema, OWN_FIELDS)}
        values={values}
        issues={issues}
        onChange={(name, value) => onDraft({ ...draft, values: { ...values, [name]: value } })}
      />
    </div>
  )
}

interface ModelFieldProps {
  readonly value: string
  readonly wrong: string | undefined
  readonly onChange: (model: string) => void
}

/** Free to be written, since a tier may allow all models of a provider; those that it names are offered. */
function ModelField({ value, wrong, onChange }: ModelFieldProps) {
  const id = useId()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const { data } = useQuery({ ...operationQuery('get_tier_offer', {}), enabled: may(session, 'costs:read') })
  const named = (data?.tier.models ?? []).filter(model => !model.includes('*') && model !== 'extractive')
  return (
    <>
      <TextField
        label="Model"
        hint="The server’s own when left empty. extractive quotes sentences and is free."
        wrong={wrong}
        list={id}
        value={value}
        maxLength={200}
        placeholder="openai:gpt-4o"
        onChange={event => onChange(event.currentTarget.value)}
      />
      <datalist id={id}>
        {['extractive', ...named].map(model => (
          <option key={model} value={model} />
        ))}
      </datalist>
    </>
  )
}
