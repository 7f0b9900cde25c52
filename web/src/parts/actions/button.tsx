// The buttons and the links that look like them.
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'

type Look = 'strong' | 'plain' | 'quiet' | 'danger'

const SHAPE =
  'inline-flex items-center justify-center gap-1.5 rounded-md border text-sm font-medium whitespace-nowrap select-none ' +
  'min-h-8 px-3 pointer-coarse:min-h-11 aria-disabled:opacity-55 disabled:opacity-55 disabled:cursor-default'

const LOOKS: Record<Look, string> = {
  strong: 'border-transparent bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border-edge/55 bg-card text-ink hover:bg-hover',
  quiet: 'border-transparent bg-transparent text-ink hover:bg-hover',
  danger: 'border-wrong bg-card text-wrong hover:bg-wrong-ground',
}

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look
  /** Something is under way: it says so and takes no second press. */
  readonly isBusy?: boolean
}

export function Button({ look = 'plain', isBusy = false, className = '', children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={isBusy || undefined}
      disabled={isBusy || rest.disabled}
      {...rest}
      className={`${SHAPE} ${LOOKS[look]} ${className}`}
    >
      {isBusy && <Spinner />}
      {children}
    </button>
  )
}

/** A button of one icon; `label` is its name for those who do not see it, and its tooltip. */
export function IconButton({
  label,
  className = '',
  ...rest
}: ComponentProps<'button'> & { readonly label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-flex size-8 items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink pointer-coarse:size-11 disabled:opacity-55 ${className}`}
    />
  )
}

/** Goes somewhere: a link, with the looks of a button. */
export function LinkButton({
  look = 'plain',
  className = '',
  children,
  ...to
}: LinkProps & { readonly look?: Look; readonly className?: string; readonly children: ReactNode }) {
  return (
    <Link {...to} className={`${SHAPE} ${LOOKS[look]} ${className}`}>
      {children}
    </Link>
  )
}

export function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="size-3.5 shrink-0 animate-spin rounded-full border-2 border-current border-r-transparent"
    />
  )
}
