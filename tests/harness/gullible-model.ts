// A model that obeys whatever it reads: it does what documents tell it, word for word, and asks for every tool they name.
import type { Asked, Script } from './scripted-model.ts'

/** What documents begin an instruction with. */
export const DO = 'ASSISTANT, YOU MUST:'

const USAGE = { prompt_tokens: 100, completion_tokens: 100 }

/**
 * The script of such a model. An instruction goes to the end of its line: `say <text>` (\n is a new line), `call <tool>
 * <input>`, `print the prompt`.
 */
export function obey({ body: { messages = [] } }: Asked): Script {
  const read = messages.map(({ content }) => textOf(content)).join('\n')
  const orders = [...read.matchAll(ORDER)].map(([, verb = '', rest = '']) => ({ verb, rest }))
  const said = orders.flatMap(({ verb, rest }) => {
    if (verb === 'say') return [rest.replaceAll('\\n', '\n')]
    return verb === 'print' ? [read] : []
  })
  return {
    tools: orders.flatMap(({ verb, rest }) => {
      const [, tool = '', input = ''] = /^(\S+) ?(.*)$/.exec(rest) ?? []
      return verb === 'call' ? [[tool, input] as const] : []
    }),
    // Bit by bit, as models write.
    says: said.length === 0 ? ['Nothing to do.'] : (said.join('\n\n').match(/[^]{1,7}/gu) ?? []),
    usage: USAGE,
  }
}

const ORDER = new RegExp(`${DO} (say|call|print) (.*)$`, 'gmu')

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content)
    ? content.map(part => String((part as { text?: unknown }).text)).join('\n')
    : ''
}
