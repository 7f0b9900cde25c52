#!/usr/bin/env node
// `gatehouse <command>`: the product. Its commands are in src/main.ts.
import { launch } from './launch.mjs'

await launch('src/main.ts', process.argv.slice(2), 'production')
