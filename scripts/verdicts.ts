// False alarms: right gradients of the notebook's model in random sizes, and how near rounding brings each to its bound.
// `npm run verdicts -- --count 1000 --seed 1`; exit code 1 where one is not found right.

import { parseArgs } from 'node:util';
import { init } from '../src/index.js';
import { provePasses } from '../src/proof/passes.js';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const hg = await init();
const python = hg.pythonRandom(seed);
const between = (low: number, high: number) => low + python.randbelow(high - low + 1);
/** Small sizes as often as large ones. */
const size = (low: number, high: number) =>
  Math.min(high, Math.floor(low * (high / low) ** python.random() + python.random()));

let alarms = 0;
let gradients = 0;
let notApproximate = 0;
let largest = { multiple: 0, where: '' };
for (let i = 0; i < count; i++) {
  const [B, T, E, H, V] = [size(2, 512), size(1, 8), size(1, 32), size(1, 512), size(4, 131)];
  const eps = Number(`1e${between(-8, 5)}`);
  const dtype = python.random() < 0.5 ? 'float32' : 'float64';
  const where = `B ${B}, T ${T}, E ${E}, H ${H}, V ${V}, eps ${eps}, ${dtype}, configuration ${i}`;
  hg.scope(() => {
    let isApproximate = true;
    const generator = hg.generator().manualSeed(seed * count + i);
    const bnGenerator = hg.generator().manualSeed(i);
    const model = hg.createModel({
      vocabSize: V,
      blockSize: T,
      embed: E,
      hidden: H,
      eps,
      dtype,
      generator,
      bnGenerator,
    });
    const Xb = hg.randint(0, V, [B, T], { generator });
    const Yb = hg.randint(0, V, [B], { generator });
    for (const report of Object.values(provePasses(hg, model, Xb, Yb))) {
      for (const { name, verdict, error, approximate } of report.gradients) {
        gradients++;
        isApproximate &&= approximate;
        const multiple = error?.decisive.bounds ?? Number.NaN;
        if (!(multiple <= largest.multiple)) largest = { multiple, where: `${report.name} d${name}: ${where}` };
        if (verdict === 'exact' || verdict === 'rounding') continue;
        alarms++;
        console.log(`${report.name} d${name} ${verdict} at ${multiple} of its bound: ${where}`);
      }
      if (report.reference.control?.found !== true) console.log(`control not found wrong: ${where}`);
    }
    if (!isApproximate) notApproximate++;
  });
}
console.log(`${gradients} right gradients of ${count} configurations: ${alarms} not found right; the largest error is`);
console.log(`${largest.multiple.toPrecision(3)} of its bound (${largest.where}).`);
console.log(`In ${notApproximate} configurations allclose calls at least one of them wrong.`);
process.exitCode = alarms === 0 ? 0 : 1;
