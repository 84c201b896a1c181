// What is found out about a program of gradients.

import { judge } from 'handgrad/lesson';
import type { GradientReport } from 'handgrad/proof';
import { core } from './core.js';
import { blamed, errorText, verdictOf } from './lineVerdicts.js';
import { bundledWords } from './model.js';
import { holds, textOf, without } from './program.js';
import type { Judged, LineVerdict, PrintedLine, Program, ShortVerdict } from './protocol.js';
import { shortVerdicts } from './verdicts.js';

/** Characters that a cell may have. */
const most = 20_000;

/** Runs the program and judges every line that writes a gradient. */
export async function judged(program: Program): Promise<Judged> {
  const [hg, words] = [await core(), await bundledWords()];
  const { block: blockSize, ...rest } = program.settings;
  const long = program.cells.filter((cell) => textOf(program.source, cell).length > most);
  const tooLong = `expected a cell of at most ${most} characters, got more`;
  const found: LineVerdict[] = long.map(({ from }) => ({ line: from, name: '', verdict: 'error', text: tooLong }));
  const gradients: Record<string, ShortVerdict> = {};
  const printed: PrintedLine[] = [];
  let [source, given] = [long.reduce(without, program.source), program.given];
  const judgeWith = (source: string, given: Program['given']) =>
    judge(hg, source, { words, given, blockSize, ...rest });
  const beside = (name: string) => (given === 'unwritten' ? given : [...given, name]);
  for (let run = 0; ; run++) {
    const { output, printedBy, lines, error, report } = judgeWith(source, given);
    const lately = output.map((text, i) => ({ text, line: printedBy[i]! }));
    const reports = new Map(report.gradients.map((row) => [`d${row.name}`, row]));
    const verdicts = lines.map((line) => verdictOf(line, reports.get(line.name)));
    const stumbling = report.gradients.find(isMisshapen);
    // A gradient that lacks axes of size 1 is right, until a later one takes its shape from it.
    const cause = report.gradients.find((row) => {
      const own = stumbling && lacksAxes(row) && program.cells.find(({ name }) => name === `d${row.name}`);
      if (!own) return false;
      const { report } = judgeWith(without(source, own), beside(own.name));
      return !report.gradients.some((other) => other.name === stumbling.name && isMisshapen(other));
    });
    const misshapen = cause ?? stumbling;
    const cell = program.cells.find((one) =>
      misshapen ? one.name === `d${misshapen.name}` : error !== null && holds(one, error.line),
    );
    if (error !== null && !misshapen)
      found.push({ line: error.line, name: '', verdict: 'error', text: errorText(error) });
    if (!cell || run > program.cells.length) {
      return {
        printed: [...printed, ...lately],
        lines: [...verdicts, ...found],
        gradients: { ...shortVerdicts(report.gradients), ...gradients },
      };
    }
    if (misshapen) {
      // What is said of it stays; the others are judged with its true value.
      const said = verdicts.filter(({ line }) => holds(cell, line));
      found.push(...(cause ? said.map((line) => blamed(line, cause, `d${stumbling!.name}`)) : said));
      Object.assign(gradients, shortVerdicts([{ ...misshapen, verdict: 'wrong' }]));
    }
    printed.push(...lately.filter(({ line }) => holds(cell, line)));
    source = without(source, cell);
    given = beside(cell.name);
  }
}

/** Whether a gradient is wrong by its shape, over which a later cell stumbles. */
const isMisshapen = ({ verdict, givenShape, error }: GradientReport): boolean =>
  verdict === 'wrong' && givenShape !== undefined && error === null;

/** Whether the shape of a gradient is its tensor's but for axes of size 1. */
const lacksAxes = ({ givenShape, error }: GradientReport): boolean => givenShape !== undefined && error !== null;
