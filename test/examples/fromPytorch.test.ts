// docs/from-pytorch.md is a program: its right-hand columns, one after the other.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { init } from '../../src/index.js';
import { projectUrl } from '../support/fixture.js';
import { exercise4 } from '../train/small.js';

const makemore =
  process.env.MAKEMORE_NAMES ?? fileURLToPath(new URL('../../../shared/data/names-makemore.txt', import.meta.url));

const guide = readFileSync(projectUrl('docs/from-pytorch.md'), 'utf8');
const [tables] = guide.split('## Also often needed');
const rows = [...tables!.matchAll(/^\| .*\| `(.*)` \|$/gm)].map(([, code]) => code!);
const program = rows.join('\n');

/** What a program prints. */
function run(name: string, code: string): string {
  mkdirSync(projectUrl('build/'), { recursive: true });
  writeFileSync(projectUrl(`build/${name}`), code);
  return execFileSync(process.execPath, [`build/${name}`], { cwd: projectUrl('.'), encoding: 'utf8' });
}

/** Holds the six losses that the program prints against PyTorch's, and against what the guide says. */
function expectLosses(printed: string, ofPytorch: readonly number[]): void {
  const losses = printed.match(/'\d\.\d{4}'/g)!.map((loss) => loss.slice(1, -1));
  expect(losses).toEqual([...ofPytorch.slice(0, 5), ofPytorch[99]!].map((loss) => loss.toFixed(4)));
  expect(guide.replaceAll('\n', ' ')).toContain(`${losses.slice(0, 5).join(', ')} and ${losses[5]}`);
}

const printed = run('from-pytorch.mjs', program);
const compared = printed.split('\n').filter((line) => line.includes('| exact: '));

test('26 gradients are exact, two approximate', () => {
  expect(rows.length).toBeGreaterThan(260);
  const exact = '| exact: True  | approximate: True  | maxdiff: 0.0';
  expect(compared.filter((line) => line.includes(exact))).toHaveLength(26);
  expect(compared.slice(26).every((line) => line.includes('| exact: False | approximate: True  |'))).toBe(true);
  expect(compared).toHaveLength(28);
});

test('sizes and loss are those of the bundled list, the fast forward passes agree', () => {
  expect(printed).toContain('tensor(3.2777, ');
  expect(printed).toContain('}\n27\n[ 183430, 3 ] [ 183430 ]\n[ 22953, 3 ] [ 22953 ]\n[ 22818, 3 ] [ 22818 ]\n4137\n');
  const [, loss, difference] = /^(3\.2776\d+) diff: (\S+)$/m.exec(printed)!;
  expect(Number(loss)).toBeCloseTo(3.277688, 6);
  expect(Math.abs(Number(difference))).toBeLessThan(1e-6);
  const largest = [...printed.matchAll(/^max diff: (\S+)$/gm)].map(([, value]) => Number(value));
  expect(largest).toHaveLength(2);
  expect(largest.every((value) => value < 1e-6)).toBe(true);
});

test("the lecture's picture of dlogits shows one dark element in each row", () => {
  expect(printed.match(/^░*W░*$/gm)).toHaveLength(32);
  expect(printed).toContain('\n[ [ 32, 64 ], [ 1, 64 ], [ 1, 64 ], [ 32, 64 ], [ 64 ] ]\n');
});

test("exercise 4's first losses are PyTorch's, and stand in the guide", () => {
  expect(printed).toContain('\n12297\n      0/ 200000: 3.6811\n');
  expectLosses(printed, exercise4.losses.bundled);
});

test.skipIf(!existsSync(makemore))(
  "exercise 4's first losses with makemore's list are PyTorch's, and stand in the guide",
  () => {
    const list = "import.meta.resolve('handgrad/names.txt')";
    expect(program).toContain(list);
    const ofMakemore = run(
      'from-pytorch-makemore.mjs',
      program.replace(list, () => JSON.stringify(makemore)),
    );
    expectLosses(ofMakemore, exercise4.losses.makemore);
  },
);

test("after 101 steps the splits' losses are PyTorch 2.13's within 1e-4", () => {
  const losses = [...printed.matchAll(/^(?:train|val|test) (\d\.\d+)$/gm)].map(([, loss]) => Number(loss));
  expect(losses).toHaveLength(3);
  for (const [i, expected] of [2.690509557723999, 2.6954054832458496, 2.693798065185547].entries()) {
    expect(Math.abs(losses[i]! - expected)).toBeLessThan(1e-4);
  }
  expect(guide).toContain(
    losses
      .map((loss) => loss.toFixed(4))
      .join(', ')
      .replace(/, (?=[^,]*$)/, ' and '),
  );
});

test('the twenty names are those that torch.multinomial draws in PyTorch 2.13', () => {
  const names = printed.trimEnd().split('\n').slice(-20);
  const ofPytorch =
    'carpzvfatb. hlvifkimrixrthtl. hncans. eja. hntrfapliyhc. kaqhi. arrinqa. ceriiv. kanh. kphhlm. poin. qbijt. srlin. anviabq. want. ' +
    'ogdiarixixfkcenphlsa. ked. ecoia. gtlefuysri. ahpag.';
  expect(names).toEqual(ofPytorch.split(' '));
  const [first, second, third] = names;
  expect(guide).toContain(`The first are \`${first}\`, \`${second}\` and \`${third}\``);
});

test("exercise 4's gradients compared with autograd's as the guide says: within 1e-6", () => {
  const comparison = /the other line is `(for .*)`\.$/m.exec(guide)![1]!;
  const training = rows.slice(
    rows.indexOf('{'),
    rows.lastIndexOf('const [bnmean, bnvar] = hg.noGrad(() => hg.scope(() => {'),
  );
  const frame = training.indexOf('hg.noGrad(() => {');
  const inside = training.toSpliced(training.lastIndexOf('});'), 1).toSpliced(frame, 1);
  const steps = inside.flatMap((line) => {
    if (line.startsWith('const dlogits =')) return ['loss.backward();', 'hg.noGrad(() => {', line];
    if (line.startsWith('const grads =')) return [line, comparison];
    return line === '});' ? [line, line] : [line];
  });
  const before = rows.slice(0, rows.indexOf('const n_embd = 10;'));
  const lines = run('from-pytorch-compared.mjs', [...before, 'const range = hg.arange(32);', ...steps, '}'].join('\n'));
  const differences = [...lines.matchAll(/\| exact: .* maxdiff: (\S+)$/gm)].map(([, difference]) => Number(difference));
  expect(differences).toHaveLength(101 * 7);
  expect(Math.max(...differences)).toBeLessThan(1e-6);
});

test('writing to a copy of the values changes no tensor, indexPut_ does', async () => {
  const hg = await init();
  const x = hg.tensor([3, 4]);
  x.data[0] = 1;
  (x as unknown as number[])[0] = 1;
  expect(x.tolist()).toEqual([3, 4]);
  expect(guide).toContain('`x[0] = 1` is `x.indexPut_([[0]], 1)`, and to read, `x[0]` is `x.index([0])`');
  x.indexPut_([[0]], 1);
  expect(x.index([0]).tolist()).toEqual([1]);
});
