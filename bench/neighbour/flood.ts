// The flood, as a process of its own: making it must not hold up the clock of those who are measured. It gets its order
// from the parent, floods until it is told to stop, and says what became of its searches.
import { asker, type AskerOptions } from './asker.ts'

export interface Flooded {
  readonly answered: number
  readonly refused: number
}

// Not without whoever measures.
process.once('disconnect', () => process.exit())
process.once('message', (order: AskerOptions) => void flood(order))

async function flood(order: AskerOptions): Promise<void> {
  const tenant = await asker(order)
  const became = { answered: 0, refused: 0 }
  let isOver = false
  process.once('message', () => void (isOver = true))
  const connection = async (): Promise<void> => {
    while (!isOver) became[(await tenant.search()) ? 'answered' : 'refused']++
  }
  process.send?.('begun')
  await Promise.all(Array.from({ length: order.connections }, connection))
  tenant.close()
  process.send?.(became satisfies Flooded)
  process.disconnect()
}
