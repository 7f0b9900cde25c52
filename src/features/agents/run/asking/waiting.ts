// The end of a run that waits for somebody: nothing is wrong, and nothing is held until it is woken.

/** Thrown through a workflow when its task has begun to wait; a class, so that nothing else is taken for it. */
export class Waiting extends Error {
  override readonly name = 'Waiting'
}
