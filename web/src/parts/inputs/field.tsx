// A labelled input with its hint and what is wrong with it, tied together for those who hear the page.
import { type ComponentProps, type ReactNode, useId } from 'react'

export const INPUT =
  'w-full min-h-9 rounded-md border border-edge bg-card px-2.5 py-1.5 text-base text-ink pointer-coarse:min-h-11 ' +
  'aria-invalid:border-wrong disabled:opacity-55'

interface FieldWords {
  readonly label: string
  readonly hint?: ReactNode
  /** What the server or the page has against the value. */
  readonly wrong?: string | undefined
  /** For an input whose place says what it is: only those who hear the page are told its label. */
  readonly isLabelUnseen?: boolean
}

/** `children` gets what ties the input to its label and words. */
export function Field({
  label,
  hint,
  wrong,
  isLabelUnseen = false,
  children,
}: FieldWords & {
  readonly children: (tied: {
    readonly id: string
    readonly 'aria-describedby': string | undefined
    readonly 'aria-invalid': true | undefined
  }) => ReactNode
}) {
  const id = useId()
  const hasWords = hint !== undefined || wrong !== undefined
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={isLabelUnseen ? 'unseen' : 'mb-1 block text-sm font-medium'}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': hasWords ? `${id}-words` : undefined,
        'aria-invalid': wrong === undefined ? undefined : true,
      })}
      {hasWords && (
        <p id={`${id}-words`} className={`mt-1 text-xs ${wrong === undefined ? 'text-soft' : 'text-wrong'}`}>
          {wrong ?? hint}
        </p>
      )}
    </div>
  )
}

export function TextField({
  label,
  hint,
  wrong,
  isLabelUnseen,
  className = '',
  ...input
}: FieldWords & ComponentProps<'input'>) {
  return (
    <Field {...{ label, hint, wrong }} isLabelUnseen={isLabelUnseen ?? false}>
      {tied => <input {...tied} {...input} className={`${INPUT} ${className}`} />}
    </Field>
  )
}

export function TextArea({
  label,
  hint,
  wrong,
  isLabelUnseen,
  className = '',
  ...input
}: FieldWords & ComponentProps<'textarea'>) {
  return (
    <Field {...{ label, hint, wrong }} isLabelUnseen={isLabelUnseen ?? false}>
      {tied => <textarea rows={3} {...tied} {...input} className={`${INPUT} ${className}`} />}
    </Field>
  )
}
