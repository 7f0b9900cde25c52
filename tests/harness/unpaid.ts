// For calls of operations that ask no provider: one that does fails the test.
import type { SpendAs } from '../../src/gate/money/spend.ts'

export const unpaid: SpendAs = () => () => Promise.reject(new Error('nobody is paid here'))
