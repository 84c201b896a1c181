// False alarms: right gradients in random sizes, and how near rounding brings each to its bound. Of the notebook's model, in `--count`
// configurations, and of six other functions, in `--functions` sizes each. `npm run verdicts -- --count 1000 --functions 200 --seed 1`;
// exit code 1 where one is not found right.

import { parseArgs } from 'node:util';
import { init } from '../src/index.js';
import { provePasses } from '../src/proof/passes.js';
import { type ProofReport, prove } from '../src/proof.js';
import { withBackward } from '../test/proof/functions.js';
import { sixFunctions } from '../test/proof/sixFunctions.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    functions: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const [count, functions, seed] = [values.count, values.functions, values.seed].map(Number) as [number, number, number];
const hg = await init();
const python = hg.pythonRandom(seed);
const between = (low: number, high: number) => low + python.randbelow(high - low + 1);
/** Small sizes as often as large ones. */
const size = (low: number, high: number) =>
  Math.min(high, Math.floor(low * (high / low) ** python.random() + python.random()));

/** What reports on right gradients say. */
class Tally {
  #gradients = 0;
  #alarms = 0;
  #largest = { multiple: 0, where: '' };

  /** Adds a report; prints what is not right in it. */
  add(report: ProofReport, where: string): void {
    for (const { name, verdict, error, notes } of report.gradients) {
      this.#gradients++;
      const multiple = error?.decisive.bounds ?? Number.NaN;
      if (!(multiple <= this.#largest.multiple)) this.#largest = { multiple, where: `d${name}: ${where}` };
      if (verdict !== 'exact' && verdict !== 'rounding')
        this.#alarm(`d${name} ${verdict} at ${multiple} of its bound: ${where}`);
      // That a gradient vanishes is no fault.
      for (const note of notes) if (!note.startsWith('zero here')) this.#alarm(`d${name}: ${note}: ${where}`);
    }
    if (report.reference.control?.found !== true) this.#alarm(`control not found wrong: ${where}`);
  }

  #alarm(text: string): void {
    this.#alarms++;
    console.log(text);
    process.exitCode = 1;
  }

  /** Prints how many there were of `what`. */
  print(what: string): void {
    const { multiple, where } = this.#largest;
    const largest =
      multiple === 0 ? 'none errs' : `the largest error is ${multiple.toPrecision(3)} of its bound (${where})`;
    console.log(`${this.#gradients} right gradients of ${what}: ${this.#alarms} false alarms; ${largest}.`);
  }
}

function notebook(): void {
  const tally = new Tally();
  let notApproximate = 0;
  for (let i = 0; i < count; i++) {
    const [B, T, E, H, V] = [size(2, 512), size(1, 8), size(1, 32), size(1, 512), size(4, 131)];
    const eps = Number(`1e${between(-8, 5)}`);
    const dtype = python.random() < 0.5 ? 'float32' : 'float64';
    const where = `B ${B}, T ${T}, E ${E}, H ${H}, V ${V}, eps ${eps}, ${dtype}, configuration ${i}`;
    hg.scope(() => {
      const generator = hg.generator().manualSeed(seed * count + i);
      const bnGenerator = hg.generator().manualSeed(i);
      const sizes = { vocabSize: V, blockSize: T, embed: E, hidden: H };
      const model = hg.createModel({ ...sizes, eps, dtype, generator, bnGenerator });
      const Xb = hg.randint(0, V, [B, T], { generator });
      const Yb = hg.randint(0, V, [B], { generator });
      const { stepwise, fused } = provePasses(hg, model, Xb, Yb);
      const reports = [stepwise, fused];
      for (const report of reports) tally.add(report, `${report.name}, ${where}`);
      if (reports.some(({ gradients }) => gradients.some(({ approximate }) => !approximate))) notApproximate++;
    });
  }
  tally.print(`${count} configurations of the notebook's model`);
  console.log(`In ${notApproximate} configurations allclose calls at least one of them wrong.`);
}

function others(): void {
  for (const make of sixFunctions) {
    const tally = new Tally();
    const { name } = make().proof;
    for (let i = 0; i < functions; i++) {
      const [n, m] = [size(3, 128), size(2, 64)];
      const written = make({ n, m });
      for (const dtype of ['float32', 'float64'] as const) {
        const report = prove(hg, withBackward(written, written.backward), { dtype, seed: seed * functions + i });
        tally.add(report, `n ${n}, m ${m}, ${dtype}, size ${i}`);
      }
    }
    tally.print(`${name} in ${functions} sizes and both dtypes`);
  }
}

if (count > 0) notebook();
if (functions > 0) others();
