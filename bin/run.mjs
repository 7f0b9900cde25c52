// `node bin/run.mjs <script.ts> [arguments]`: a script of this repository, with all it needs to run.
import { launch } from './launch.mjs'

const [script, ...args] = process.argv.slice(2)
await launch(script, args, { dependencies: 'all' })
