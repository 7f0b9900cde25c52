// The name of a tenant and its short name, which is proposed until somebody writes their own.
import { TextField } from '../../../../parts/inputs/field.tsx'
import { asProblem } from '../../../../api/problem.ts'
import { wrongAt } from '../../../../parts/forms/wrong-at.ts'
import { slugOf } from './slug-of.ts'

export interface TenantNames {
  readonly name: string
  /** Undefined: the proposed one. */
  readonly ownSlug: string | undefined
}

export function chosenSlug({ name, ownSlug }: TenantNames): string {
  return ownSlug ?? slugOf(name)
}

export interface NameFieldsProps {
  readonly names: TenantNames
  readonly onChange: (names: TenantNames) => void
  readonly problem: unknown
  readonly disabled?: boolean
}

export function NameFields({ names, onChange, problem, disabled = false }: NameFieldsProps) {
  const wrong = wrongAt(problem)
  const isTaken = problem !== undefined && asProblem(problem).reason === 'slug_taken'
  return (
    <>
      <TextField
        label="Name"
        required
        maxLength={200}
        autoComplete="organization"
        disabled={disabled}
        value={names.name}
        onChange={event => onChange({ ...names, name: event.target.value })}
        hint="What people call it: a company, a team, a customer."
        wrong={wrong('name')}
      />
      <TextField
        label="Short name"
        required
        maxLength={63}
        pattern="[a-z0-9][a-z0-9\-]*"
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        value={chosenSlug(names)}
        onChange={event => onChange({ ...names, ownSlug: event.target.value.toLowerCase() })}
        hint="In commands and addresses: a-z, 0-9 and -. It is never changed."
        wrong={isTaken ? 'Another tenant is called so; choose another.' : wrong('slug')}
      />
    </>
  )
}
