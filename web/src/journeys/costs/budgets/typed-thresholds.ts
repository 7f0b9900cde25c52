// Percents as a person types them: "50, 80 95".

export type TypedThresholds = { readonly percents: readonly number[] } | { readonly wrong: string }

const MOST = 10

export function typedThresholds(typed: string): TypedThresholds {
  const words = typed.split(/[\s,;%]+/).filter(word => word !== '')
  const percents = words.map(Number)
  if (percents.some(percent => !Number.isInteger(percent) || percent < 1 || percent > 1000))
    return { wrong: 'Whole percents from 1 to 1000, with commas between.' }
  if (new Set(percents).size !== percents.length) return { wrong: 'Each percent once.' }
  if (percents.length > MOST) return { wrong: `At most ${MOST} of them.` }
  return { percents }
}
