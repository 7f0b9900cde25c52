// One JSON object a line, checked: what is wrong is said with the file and the line.
import type { z } from 'zod'
import { badLine, lines } from './lines.ts'

export interface Entry<Value> {
  readonly number: number
  readonly value: Value
}

export async function* records<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): AsyncGenerator<Entry<z.output<Schema>>> {
  for await (const { number, text } of lines(file)) {
    const parsed = schema.safeParse(jsonOf(text, () => badLine(file, number, 'is not JSON')))
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const field = issue?.path.join('.') || 'the line'
      throw badLine(file, number, `${field}: ${issue?.message ?? 'is not as it must be'}`)
    }
    yield { number, value: parsed.data }
  }
}

function jsonOf(text: string, bad: () => Error): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw bad()
  }
}
