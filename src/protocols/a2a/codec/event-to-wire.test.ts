import { StreamResponse, Task, TaskState } from '@a2a-js/sdk'
import { describe, expect, test } from 'vitest'
import type { TaskEvent } from '../../../features/agents/tasks/task-shape.ts'
import { TASK_STATES } from '../../../features/agents/tasks/task-states.ts'
import { eventToWire, type EventView } from './event-to-wire.ts'
import { taskToWire, WIRE_STATE } from './task-to-wire.ts'

const uri = 'https://x/a2a/extensions/event-log/v1'
const at = '2026-11-21T00:00:00.000Z'
const view: EventView = { taskId: 't', contextId: 'c', state: 'working', uri, hasLog: false }
const json = (...args: Parameters<typeof eventToWire>) => StreamResponse.toJSON(eventToWire(...args))

describe('a task on the wire', () => {
  test('every state has one of its own', () => {
    const wire = TASK_STATES.map(state => TaskState[WIRE_STATE[state]])
    expect(wire).toEqual(TASK_STATES.map(state => `TASK_STATE_${state.toUpperCase()}`))
  })

  test('shows the newest messages, at most so many, and none for 0', () => {
    const history = ['1', '2', '3'].map(text => ({
      message_id: text,
      role: 'user' as const,
      parts: [{ text }],
      at,
    }))
    const task = {
      task_id: 't',
      context_id: 'c',
      workflow: 'rag',
      status: { state: 'failed' as const, at, reason: 'auth_expired' },
      created_at: at,
      last_sequence: 9,
      cost_nano: '0',
      history,
    }
    const shown = (historyLength?: number) =>
      taskToWire(task, { uri, historyLength }).history.map(({ messageId }) => messageId)
    expect([shown(), shown(2), shown(0)]).toEqual([['1', '2', '3'], ['2', '3'], []])
    expect(Task.toJSON(taskToWire(task, { uri, log: { sequence: 9 } }))).toMatchObject({
      status: { timestamp: at, message: { metadata: { [uri]: { reason: 'auth_expired' } } } },
      metadata: { skill: 'rag', [uri]: { sequence: 9 } },
    })
  })
})

describe('an event on the wire', () => {
  test('a state is a status, with the words for a person as the agent’s message', () => {
    const event = { kind: 'state', sequence: 5, at, state: 'input_required', say: 'Which year?' } as const
    expect(json(event, view)).toEqual({
      statusUpdate: {
        taskId: 't',
        contextId: 'c',
        status: {
          state: 'TASK_STATE_INPUT_REQUIRED',
          timestamp: at,
          message: {
            messageId: 't-5',
            contextId: 'c',
            taskId: 't',
            role: 'ROLE_AGENT',
            parts: [{ text: 'Which year?', mediaType: 'text/plain' }],
          },
        },
      },
    })
  })

  test('a message that arrives while the task waits does not claim that it works', () => {
    const event = { kind: 'message', sequence: 6, at, message_id: 'm' } as const
    expect(json(event, { ...view, state: 'input_required' })).toMatchObject({
      statusUpdate: {
        status: { state: 'TASK_STATE_INPUT_REQUIRED' },
        metadata: { [uri]: { event: 'message', facts: { messageId: 'm' } } },
      },
    })
  })

  test('has its number in its metadata only for who knows the extension', () => {
    const event: TaskEvent = {
      kind: 'artifact',
      sequence: 7,
      at,
      artifact_id: 'a',
      name: 'n',
      parts: [{ data: { x: [1] } }],
      append: true,
      last: false,
    }
    expect(json(event, view)).not.toHaveProperty('artifactUpdate.metadata')
    expect(json(event, { ...view, hasLog: true })).toMatchObject({
      artifactUpdate: {
        append: true,
        artifact: { parts: [{ data: { x: [1] } }] },
        metadata: { [uri]: { sequence: 7 } },
      },
    })
  })
})
