import { describe, expect, test } from 'vitest'
import {
  isInterrupted,
  isTerminal,
  statesBefore,
  TASK_STATES,
  TRANSITIONS,
  type TaskMove,
  type TaskState,
} from './task-states.ts'

const MOVES = Object.keys(TRANSITIONS.submitted) as TaskMove[]
const nextOf = (state: TaskState, move: TaskMove): TaskState | null => TRANSITIONS[state][move]

describe('what can become of a task', () => {
  test('the table has an answer for every state and every move', () => {
    for (const state of TASK_STATES)
      for (const move of MOVES) expect([null, ...TASK_STATES]).toContain(nextOf(state, move))
  })

  test('completed, failed, canceled and rejected are ends: no move leads out of them; of no other state this is so', () => {
    expect(TASK_STATES.filter(isTerminal)).toEqual(['completed', 'failed', 'canceled', 'rejected'])
  })

  test('every state is reached from submitted, and from each that is no end every end of a cancelled task', () => {
    const reached = new Set<TaskState>(['submitted'])
    for (const state of reached)
      for (const move of MOVES) {
        const next = nextOf(state, move)
        if (next !== null) reached.add(next)
      }
    expect(new Set(TASK_STATES)).toEqual(reached)
    for (const state of TASK_STATES)
      expect(nextOf(state, 'cancel')).toBe(isTerminal(state) ? null : 'canceled')
  })

  test('a task that waits goes on only by being woken, and only one that works comes to its end by itself', () => {
    for (const state of TASK_STATES.filter(isInterrupted)) {
      expect(nextOf(state, 'wake')).toBe('working')
      expect(nextOf(state, 'begin')).toBeNull()
    }
    expect(statesBefore('complete')).toEqual(['working'])
    expect(statesBefore('wake')).toEqual(['input_required', 'auth_required'])
  })

  test('a move leads to one state, wherever it is made from', () => {
    for (const move of MOVES)
      expect(new Set(statesBefore(move).map(state => nextOf(state, move))).size).toBe(1)
  })
})
