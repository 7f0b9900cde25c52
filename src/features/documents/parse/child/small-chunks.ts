// A file's bytes in chunks small enough for one message, however large they came.

const CHUNK = 262_144

export async function* smallChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += CHUNK) yield chunk.subarray(at, at + CHUNK)
  }
}
