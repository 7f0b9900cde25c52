#!/usr/bin/env node
// `gatehouse <command>`: the product. Its commands are in src/main.ts.
import { launch } from './launch.mjs'

const args = process.argv.slice(2)
// `serve --stdio` speaks to one client and shows nobody a page.
const servesPage = args[0] === 'serve' && !args.some(arg => ['--stdio', '--help', '-h'].includes(arg))
await launch('src/main.ts', args, { dependencies: 'production', servesPage })
