// Names of files and words of documents reach a terminal only through here: an escape sequence in a name could
// otherwise move the cursor, hide lines or name the window, and a direction mark could turn a name around.

const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu

export function printable(text: string): string {
  return text.replaceAll(
    UNPRINTABLE,
    character => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0') ?? ''}`,
  )
}

/** For running text, where nobody looks for what was left out. */
export function stripped(text: string): string {
  return text.replaceAll(UNPRINTABLE, '')
}

/** 1536 → '1.5 KB'; powers of 1024. */
export function byteText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  const value = bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? ''}`
}

/** 75 → '1m15s'; whole seconds. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`
  return `${Math.floor(whole / 3600)}h${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}m`
}
