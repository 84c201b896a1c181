// What the usual tolerances say of the same faults that `prove` finds: `npx tsx scripts/tolerances.ts` prints a table.

import { init, type NdArray } from '../src/index.js';
import { prove } from '../src/proof.js';
import { notebook, withBackward } from '../test/proof/functions.js';
import { notebookFaults } from '../test/proof/notebookFaults.js';
import { sixFunctions } from '../test/proof/sixFunctions.js';

/** The tolerances of torch.allclose, torch.testing.assert_close for float32, and torch.autograd.gradcheck. */
const tolerances = {
  allclose: [1e-5, 1e-8],
  assert_close: [1.3e-6, 1e-5],
  gradcheck: [1e-3, 1e-5],
} as const;

const hg = await init();
const passed: Record<string, string[]> = { allclose: [], assert_close: [], gradcheck: [], prove: [] };
let faults = 0;
const all = [{ ...notebook(), faults: notebookFaults }, ...sixFunctions.map((make) => make())];
for (const written of all) {
  for (const [root, from, to] of written.faults) {
    const report = prove(hg, withBackward(written, written.backward.replace(from, to)));
    const values = report.values.get(root);
    faults++;
    const what = `${written.proof.name} d${root}: ${to.slice(0, 60) || `without ${from.slice(0, 50)}`}`;
    if (report.ok) passed.prove!.push(what);
    for (const [name, tolerance] of Object.entries(tolerances)) {
      if (values?.candidate != null && isClose(values.candidate, values.reference, tolerance)) passed[name]!.push(what);
    }
  }
}

console.log(`| check | of ${faults} faults, let pass |\n|---|---|`);
for (const [name, what] of Object.entries(passed)) console.log(`| ${name} | ${what.length} |`);
for (const [name, what] of Object.entries(passed)) for (const one of what) console.log(`${name} lets pass: ${one}`);

function isClose(a: NdArray, b: NdArray, [rtol, atol]: readonly [number, number]): boolean {
  const fits = a.data.length === b.data.length;
  return fits && b.data.every((x, i) => Math.abs(a.data[i]! - x) <= atol + rtol * Math.abs(x));
}
