// `gatehouse eval`: what can be typed. The evaluation itself is handed in by main.ts.
import type { Command } from 'commander'

const EXAMPLES = `
Examples:
  gatehouse eval --set collections/scifact
  gatehouse eval --set collections/scifact --embeddings http://127.0.0.1:8089 --svg scifact.svg --csv scifact.csv
  gatehouse eval --set golden --tenant acme --min-ndcg 0.6

A set is a folder with corpus.jsonl, queries.jsonl (both may end in .gz) and qrels.tsv, as BEIR has them. Without
--tenant the documents are taken into a tenant of their own, which is removed afterwards; with --tenant none are needed,
and the judgements name the tenant's documents by external_id or by document id.

Ends with 8 when nDCG@10 is below --min-ndcg.`

/** Adds the command; `act` runs what it does and turns what it throws, or answers, into an exit code. */
export function addEvalCommand(
  program: Command,
  evaluate: (options: Record<string, string | boolean>) => Promise<number>,
  act: (fn: () => Promise<number>) => Promise<void>,
): void {
  const command = program
    .command('eval')
    .description('measure how good search is, on a test collection or on the documents of a tenant')
    .option('--set <folder>', 'the test collection or golden set (required)')
    .option('--tenant <tenant>', 'evaluate what this tenant has, id or slug')
    .option('--user <user>', 'with --tenant: the user who asks (default: operator)')
    .option('--limit-queries <n>', 'ask only the first n queries')
    .option('--min-ndcg <x>', 'end with 8 when nDCG@10 is below x')
    .option('--of <mode>', 'with --min-ndcg: words, vectors or hybrid (default: hybrid)')
    .option(
      '--embeddings <url>',
      'an embedding server whose vectors to use: TEI, Ollama or OpenAI-compatible',
    )
    .option('--embeddings-model <name>', 'with --embeddings: the model, where the server holds several')
    .option('--language <language>', 'the language of the documents (default: found out)')
    .option('--csv <file>', 'write the figures of every query')
    .option('--svg <file>', 'write a picture of the figures')
    .option('--keep', 'do not remove the tenant that was made')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
  command.action(() => act(() => evaluate(command.opts<Record<string, string | boolean>>())))
}
