// `handgrad compare`: tensors that another program has written, held against a reference's.

import { type Command, InvalidArgumentError } from 'commander';
import { show } from '../base/show.js';
import { parseSafetensors, readFile, type Safetensors } from '../index.js';
import type { ProofReport } from '../proof.js';
import { compareTensors, reportHtml } from '../report.js';
import { codeOf } from './exitCodes.js';
import { checkOutputs, writeOutput } from './outputs.js';
import { printJson, printLines, say } from './streams.js';

interface CompareOptions {
  truth?: string;
  map?: Record<string, string>;
  only?: string[];
  report?: string;
  json: boolean;
}

/** Adds the command to `program`. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('hold dumped tensors against those of a reference')
    .argument('<candidate.safetensors>', 'the tensors in question')
    .argument('<reference.safetensors>', 'the same by a reference, in its own dtype')
    .option('--truth <truth.safetensors>', 'the same in float64, by which verdicts are given')
    .option(
      '--map <candidate=reference>',
      "a name of the candidate's and what the reference calls it; once for each",
      joined,
    )
    .option('--only <names>', "the reference's names of those to compare, with commas; also once for each", listed)
    .option('--report <file.html>', 'write the report as a page')
    .option('--json', 'print one JSON object', false)
    .action(async (candidate, reference, options) => {
      process.exitCode = await compare(candidate, reference, options);
    });
}

/** Runs the command; returns what it exits with. */
async function compare(candidate: string, reference: string, options: CompareOptions): Promise<number> {
  await checkOutputs([{ path: options.report, kind: 'report' }], [candidate, reference, options.truth]);
  const report = compareTensors(await tensorsOf(candidate), await tensorsOf(reference), {
    name: `${candidate} against ${reference}`,
    ...(options.map !== undefined && { map: options.map }),
    ...(options.truth !== undefined && { truth: await tensorsOf(options.truth) }),
    ...(options.only !== undefined && { only: options.only }),
  });
  if (options.report !== undefined) await writeOutput(options.report, new TextEncoder().encode(reportHtml(report)));
  if (options.json) await printJson(report);
  else await printLines(String(report).split('\n'));
  if (report.outcome !== 'right') say(`handgrad: expected every tensor to be right, got ${others(report)}`);
  return codeOf[report.outcome];
}

async function tensorsOf(path: string): Promise<Safetensors['tensors']> {
  return parseSafetensors(await readFile(path), path).tensors;
}

/** What is not right, a few names for each verdict. */
function others({ gradients, reference }: ProofReport): string {
  const verdicts = ['wrong', 'unclaimed', 'undecided'] as const;
  const found = verdicts.flatMap((verdict) => {
    const names = gradients.filter((row) => row.verdict === verdict).map(({ name }) => name);
    if (names.length === 0) return [];
    return [`${verdict} ${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`];
  });
  return found.length > 0 ? found.join('; ') : `no wrong ${reference.control?.name} where one was made on purpose`;
}

/** Adds a pair of --map. */
function joined(text: string, pairs: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  const [from, to] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || to === '') {
    throw new InvalidArgumentError(`Expected two names with "=" between them, got ${show(text)}.`);
  }
  if (Object.hasOwn(pairs, from)) throw new InvalidArgumentError(`Expected ${show(from)} once.`);
  return { ...pairs, [from]: to };
}

/** Adds the names of an --only. */
function listed(text: string, names: string[] = []): string[] {
  const given = text.split(',');
  if (given.includes('')) throw new InvalidArgumentError(`Expected names with commas between them, got ${show(text)}.`);
  return [...names, ...given];
}
