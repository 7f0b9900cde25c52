// One of several, from a list that opens.
import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import { useId } from 'react'
import { INPUT } from './field.tsx'

export interface Choice<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly hint?: string
}

export interface SelectProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly choices: readonly Choice<Value>[]
  readonly onChange: (value: Value) => void
  readonly isLabelUnseen?: boolean
  readonly disabled?: boolean
}

export function Select<Value extends string>({
  label,
  value,
  choices,
  onChange,
  isLabelUnseen = false,
  disabled = false,
}: SelectProps<Value>) {
  const id = useId()
  const chosen = choices.find(choice => choice.value === value)
  return (
    <div className="min-w-0">
      <span id={id} className={isLabelUnseen ? 'unseen' : 'mb-1 block text-sm font-medium'}>
        {label}
      </span>
      <Base.Root
        value={value}
        onValueChange={next => {
          if (next !== null) onChange(next)
        }}
        disabled={disabled}
        modal={false}
      >
        <Base.Trigger
          aria-labelledby={id}
          className={`${INPUT} inline-flex items-center justify-between gap-2`}
        >
          <Base.Value className="truncate">{chosen?.label ?? value}</Base.Value>
          <ChevronsUpDown size={14} aria-hidden="true" className="shrink-0 text-soft" />
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
            <Base.Popup className="max-h-80 min-w-(--anchor-width) overflow-auto rounded-lg border border-line bg-card p-1 shadow-pop">
              {choices.map(choice => (
                <Base.Item
                  key={choice.value}
                  value={choice.value}
                  className="flex cursor-pointer items-baseline gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-highlighted:bg-hover pointer-coarse:py-2.5"
                >
                  <span className="w-4 shrink-0 self-center">
                    <Base.ItemIndicator>
                      <Check size={14} aria-hidden="true" />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText>{choice.label}</Base.ItemText>
                  {choice.hint !== undefined && (
                    <span className="ml-auto pl-3 text-xs text-soft">{choice.hint}</span>
                  )}
                </Base.Item>
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  )
}
