// A task as callers see it, whichever wire they came by: every protocol translates from these shapes.
import { z } from 'zod'
import { TASK_STATES } from './task-states.ts'

/** In UTC. Not zod's own, which prints a pattern of 350 characters into the schema of every tool that has one. */
const Moment = z.string().meta({ format: 'date-time' })

const Data = z.record(z.string(), z.json())

/** One of text and data. */
export const TaskPart = z.strictObject({
  text: z.string().optional(),
  data: z.json().optional(),
  media_type: z.string().optional(),
  filename: z.string().optional(),
})
export type TaskPart = z.output<typeof TaskPart>

export const TaskMessage = z.strictObject({
  message_id: z.string(),
  role: z.enum(['user', 'agent']),
  parts: z.array(TaskPart),
  metadata: Data.optional(),
  at: Moment,
})
export type TaskMessage = z.output<typeof TaskMessage>

export const TaskArtifact = z.strictObject({
  artifact_id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  parts: z.array(TaskPart).describe('Text that came in pieces is one part.'),
  metadata: Data.optional(),
})
export type TaskArtifact = z.output<typeof TaskArtifact>

export const TaskStatus = z.strictObject({
  state: z.enum(TASK_STATES),
  at: Moment,
  say: z.string().optional().describe('What it does, asks for, or why it ended, for a person.'),
  reason: z.string().optional().describe('The same for a program, e.g. auth_expired or budget_exceeded.'),
  facts: Data.optional().describe('What a program needs to know besides.'),
})
export type TaskStatus = z.output<typeof TaskStatus>

export const Task = z.strictObject({
  task_id: z.string(),
  context_id: z.string(),
  workflow: z.string(),
  status: TaskStatus,
  label: z.string().optional(),
  created_at: Moment,
  finished_at: Moment.optional(),
  deadline_at: z.iso
    .datetime()
    .optional()
    .describe('Absent while it waits for somebody: its time stands still.'),
  last_sequence: z.int().describe('Of the newest event; follow_task goes on after it.'),
  cost_nano: z.string().describe('What it has cost so far, in billionths of a US dollar.'),
  history: z.array(TaskMessage).optional(),
  artifacts: z.array(TaskArtifact).optional(),
})
export type Task = z.output<typeof Task>

const Event = { sequence: z.int(), at: Moment }

/** What followers see, numbered without gaps from 1. */
export const TaskEvent = z.discriminatedUnion('kind', [
  z.strictObject({ ...Event, kind: z.literal('state'), ...TaskStatus.omit({ at: true }).shape }),
  /** Something a workflow tells while it works, e.g. search_complete; it goes with the step's result. */
  z.strictObject({
    ...Event,
    kind: z.literal('progress'),
    event: z.string(),
    step: z.string(),
    say: z.string(),
    facts: Data.optional(),
  }),
  /** A run has begun a step; after an interruption it begins once more, with the next attempt. */
  z.strictObject({ ...Event, kind: z.literal('step'), step: z.string(), attempt: z.int() }),
  z.strictObject({
    ...Event,
    kind: z.literal('artifact'),
    artifact_id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    parts: z.array(TaskPart),
    metadata: Data.optional(),
    append: z.boolean().describe('False: it begins here, anew if there was one of that id.'),
    last: z.boolean().describe('Nothing more is added to it.'),
  }),
  /** A message of the user has arrived; a run takes it between two steps. */
  z.strictObject({ ...Event, kind: z.literal('message'), message_id: z.string() }),
])
export type TaskEvent = z.output<typeof TaskEvent>

export const Label = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, 'must have no control characters')
  .describe('Stands beside the cost in reports, for example the matter it is for.')

/** What tells a message or a request from others: chosen by whoever sends it. */
export const Key = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must have no control characters')

export const TaskId = z.guid('must be a UUID')
