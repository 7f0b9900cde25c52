// Why a task has ended or waits, in plain words besides the server's own, and where one can do something about it. Pure.

export interface EndWords {
  readonly title: string
  readonly hint: string | undefined
  readonly goTo: 'costs' | undefined
}

type Words = readonly [title: string, hint?: string | undefined, goTo?: EndWords['goTo']]

const BY_REASON: Readonly<Record<string, Words>> = {
  budget_exceeded: [
    'A budget is used up',
    'The task holds nothing and goes on by itself when there is room.',
    'costs',
  ],
  auth_expired: [
    'Your access ended while it worked',
    'The key or session that began it was revoked, or lost a right it needs.',
  ],
  deadline: ['Its time was over', 'Start it again with a longer time limit, or ask for less.'],
  gave_up: ['It was interrupted too often', 'Each time before its step was done. Starting it again is safe.'],
  abandoned: ['Nobody answered it', 'It waited for 90 days.'],
  sources_not_verified: [
    'Its sources do not hold',
    'The answer was to be given only if every citation stands.',
  ],
  model_not_in_tier: ['This model is not in your tier', undefined, 'costs'],
  price_unknown: ['The model has no price', 'An operator has to set one before it can be asked.'],
  step_not_repeated: ['A step was not repeated'],
}

const BY_STATE: Readonly<Record<string, Words>> = {
  failed: ['It failed'],
  rejected: ['It was rejected'],
  canceled: ['It was cancelled', 'What it had made stays.'],
  auth_required: ['It waits for you to sign in somewhere', 'Do what it says; it goes on by itself.'],
}

/** Undefined for states of which nothing is to be told. */
export function endWords(state: string, reason: string | undefined): EndWords | undefined {
  const isTold = state in BY_STATE || reason === 'budget_exceeded'
  if (!isTold) return undefined
  const [title, hint, goTo] = BY_REASON[reason ?? ''] ?? BY_STATE[state] ?? ['It ended']
  return { title, hint, goTo }
}
