// What a workflow is: a plain function over steps. It is written once and runs durably as a task, or at once within a
// call; what it declares of its steps draws its graph and says what becomes of one that was interrupted.
import type { z } from 'zod'
import type { ReadCall } from '../../../gate/call.ts'
import type { TaskPart } from '../tasks/task-shape.ts'

export interface Step<Name extends string = string> {
  readonly name: Name
  readonly title: string
  /** Steps whose results it needs; none for the first. */
  readonly after: readonly NoInfer<Name>[]
  /**
   * What becomes of it when its process died before its result was kept. safe: it is done again. keyed: it is done again,
   * and the other side knows it by `StepWork.key`. ask: the user is asked whether it shall be.
   */
  readonly replay: 'safe' | 'keyed' | 'ask'
}

type Facts = Readonly<Record<string, string | number | boolean | null>>

/** What a result is shown as. Small: the parts of one event have 200,000 characters at most. */
export interface NewArtifact {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly parts: readonly TaskPart[]
  readonly metadata?: Readonly<Record<string, unknown>>
}

export interface StepWork {
  /** Aborted when the task is cancelled, out of time or taken over. */
  readonly signal: AbortSignal
  /** Of the task and this step, the same in every attempt: for who must not do it twice. */
  readonly key: string
  /**
   * A call as the task's user, whose spending goes to the task. Documents, budgets and scopes are those of the user as he
   * stands when the step begins.
   */
  readonly call: ReadCall
  /** Tells followers; it is kept with the step's result, so that they hear it once. */
  report(event: string, say: string, facts?: Facts): void
  /** Shows a result; it is kept with the step's own. */
  artifact(artifact: NewArtifact): void
  /**
   * Shows text as it comes into being. What a step that was interrupted had written is begun anew. Pieces are gathered, so
   * it may be called for every word.
   */
  writeText(artifact: Omit<NewArtifact, 'parts'>, text: string): void
}

export interface Work<Name extends string> {
  /** Aborted when the task is cancelled, out of time or taken over. */
  readonly signal: AbortSignal
  /** Does the step once: what it gave is kept (JSON), and given again should the task be taken up anew. */
  step<T>(name: Name, fn: (work: StepWork) => Promise<T>): Promise<T>
  /** Names of questions and looks are the workflow's own, each used once. Asks the user and waits for his answer, however long it takes: nothing is held meanwhile. */
  ask(name: string, question: string): Promise<readonly TaskPart[]>
  /** What the user has added since it was last asked, in order; each message is given once. */
  messages(name: string): Promise<readonly (readonly TaskPart[])[]>
}

export interface Workflow<
  In extends z.ZodObject = z.ZodObject,
  Out extends Record<string, unknown> = Record<string, unknown>,
  Name extends string = string,
> {
  /** kebab-case; the file's name. */
  readonly name: string
  readonly title: string
  /** For an agent that looks for somebody to ask. */
  readonly description: string
  readonly tags: readonly string[]
  readonly examples: readonly string[]
  /** A strict object. `question` is what the text of a message becomes. */
  readonly input: In
  readonly steps: readonly Step<Name>[]
  /** What it ends with is for the synchronous form; a task shows artifacts. Throws a fault to fail. */
  run(input: z.output<In>, work: Work<Name>): Promise<Out>
}

/** Declares a workflow: `work.step` takes the names of its steps and no others. */
export function defineWorkflow<
  In extends z.ZodObject,
  Out extends Record<string, unknown>,
  const Name extends string,
>(workflow: Workflow<In, Out, Name>): Workflow<In, Out, Name> {
  return workflow
}
