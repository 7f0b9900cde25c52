// What the server has against one field of a form, in words that stand beneath it.
import { asProblem } from '../../api/problem.ts'

export type WrongAt = (field: string) => string | undefined

/** Undefined for a field that nothing was said about. The server often begins its words with the field's name. */
export function wrongAt(thrown: unknown): WrongAt {
  const issues = thrown === undefined ? [] : asProblem(thrown).issues
  return field => {
    const issue = issues.find(one => one.field === field || one.field.startsWith(`${field}.`))
    if (issue === undefined) return undefined
    const words = issue.message.startsWith(`${field} `)
      ? issue.message.slice(field.length + 1)
      : issue.message
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
  }
}
