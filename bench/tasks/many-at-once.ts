// So many turns, so many of them at a time.

export async function manyAtOnce(
  turns: number,
  atOnce: number,
  one: (turn: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < turns) await one(next++)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, turns) }, caller))
}
