// Yes or no, with its words beside it.
import { type ComponentProps, type ReactNode, useId } from 'react'

export function Checkbox({
  label,
  hint,
  ...input
}: Omit<ComponentProps<'input'>, 'type'> & { readonly label: ReactNode; readonly hint?: ReactNode }) {
  const id = useId()
  return (
    <div className="flex items-start gap-2 py-1">
      <input id={id} type="checkbox" {...input} className="mt-1 size-4 shrink-0 accent-accent" />
      <label htmlFor={id} className="min-w-0 text-sm">
        {label}
        {hint !== undefined && <span className="block text-xs text-soft">{hint}</span>}
      </label>
    </div>
  )
}
