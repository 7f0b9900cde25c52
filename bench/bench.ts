// `npm run bench -- [ingest|search|neighbour|budget-race|tasks] [options]`: runs one of the published measurements. Without a name it is ingestion.
const BENCHES = ['ingest', 'search', 'neighbour', 'budget-race', 'tasks']

const first = process.argv[2]
const name = first === undefined || first.startsWith('-') ? 'ingest' : first
if (!BENCHES.includes(name)) {
  console.error(`bench: there is no ${name}; there are ${BENCHES.join(', ')}`)
  process.exit(2)
}
// The benchmark reads its options as if it had been started itself.
if (name === first) process.argv.splice(2, 1)
await import(`./${name}.ts`)
