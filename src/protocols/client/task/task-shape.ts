// A task, its artifacts and its events as programs see them. Written out once more, without the server's schemas, so that
// this folder needs nothing but itself; task-shape.test.ts holds both to be the same.

export type TaskState =
  | 'submitted'
  | 'working'
  | 'input_required'
  | 'auth_required'
  | 'completed'
  | 'failed'
  | 'canceled'
  | 'rejected'

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'canceled', 'rejected'])
const WAITING: ReadonlySet<string> = new Set(['input_required', 'auth_required'])

/** Nothing about it changes any more. */
export function hasEnded(state: string): boolean {
  return ENDED.has(state)
}

/** It goes on when somebody has done something: `say` tells what. */
export function isWaiting(state: string): boolean {
  return WAITING.has(state)
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type Members = Record<string, Json>

/** One of text and data. */
export interface TaskPart {
  text?: string | undefined
  data?: Json | undefined
  media_type?: string | undefined
  filename?: string | undefined
}

export interface TaskMessage {
  message_id: string
  role: 'user' | 'agent'
  parts: TaskPart[]
  metadata?: Members | undefined
  /** ISO 8601, UTC. */
  at: string
}

export interface TaskArtifact {
  artifact_id: string
  name: string
  description?: string | undefined
  parts: TaskPart[]
  metadata?: Members | undefined
}

interface StatusWords {
  /** What it does, asks for, or why it ended, for a person. */
  say?: string | undefined
  /** The same for a program, e.g. auth_expired or budget_exceeded. */
  reason?: string | undefined
  facts?: Members | undefined
}

export interface TaskStatus extends StatusWords {
  state: TaskState
  at: string
}

/** What every wire tells of a task. */
export interface TaskSnapshot {
  task_id: string
  context_id: string
  status: TaskStatus
  /** Of the newest event; whoever follows goes on after it. */
  last_sequence: number
  workflow?: string | undefined
  label?: string | undefined
  history?: TaskMessage[] | undefined
  artifacts?: TaskArtifact[] | undefined
}

/** What the API and the tools tell besides. */
export interface Task extends TaskSnapshot {
  workflow: string
  created_at: string
  finished_at?: string | undefined
  /** Absent while it waits for somebody: its time stands still. */
  deadline_at?: string | undefined
  /** In billionths of a US dollar. */
  cost_nano: string
}

interface Numbered {
  /** From 1, without gaps. */
  sequence: number
  at: string
}

export interface StateEvent extends Numbered, StatusWords {
  kind: 'state'
  state: TaskState
}

/** Something a workflow tells; it goes with the step's result. */
export interface ProgressEvent extends Numbered {
  kind: 'progress'
  event: string
  step: string
  say: string
  facts?: Members | undefined
}

/** A run has begun a step; after an interruption it begins once more, with the next attempt. */
export interface StepEvent extends Numbered {
  kind: 'step'
  step: string
  attempt: number
}

export interface ArtifactEvent extends Numbered, TaskArtifact {
  kind: 'artifact'
  /** False: it begins here, anew if there was one of that id. */
  append: boolean
  /** Nothing more is added to it. */
  last: boolean
}

/** A message of the user has arrived. */
export interface MessageEvent extends Numbered {
  kind: 'message'
  message_id: string
}

export type TaskEvent = StateEvent | ProgressEvent | StepEvent | ArtifactEvent | MessageEvent
