// HTML that is safe by construction: what stands between the tags of an html`…` template is ours, every value put into
// it is escaped, in the one function here, unless it is such HTML itself.

export interface Html {
  readonly html: string
}

type Value = Html | string | undefined | false | readonly Html[]

/** Attribute values must stand in double quotes. */
export function html(texts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: texts.map((text, at) => (at === 0 ? '' : shown(values[at - 1])) + text).join('') }
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"'`]/g, character => `&#${character.charCodeAt(0)};`)
}

function shown(value: Value): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'string') return escapeHtml(value)
  return 'html' in value ? value.html : value.map(part => part.html).join('')
}
