// Every example of the API's docstrings compiles and runs, with small values behind the names that they use.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { entries, examples, publicSymbols } from '../../scripts/docs.js';

const root = new URL('../../', import.meta.url);
const folder = new URL('build/examples/', root);

const values = `
const hg = await init();
const words = ['emma', 'olivia', 'ava', 'isabella', 'sophia', 'mia', 'amelia', 'harper', 'evelyn', 'abigail', 'ella', 'lily'];
const vocabulary = new Vocabulary(words);
const dataset = buildDataset(words, vocabulary, 3);
const [train, dev] = [dataset, dataset];
const generator = hg.generator().manualSeed(1);
const bnGenerator = hg.generator().manualSeed(2);
const V = vocabulary.size;
const B = 4;
const model = hg.createModel({ vocabSize: V, embed: 2, hidden: 4, generator, bnGenerator });
const statistics = model.calibrate(train);
const { C, W2, b2 } = model.parameters;
const batch = takeBatch(dataset, [0, 1, 2, 3]);
const [Xb, Yb] = [hg.tensor(batch.Xb), hg.tensor(batch.Yb)];
const h = hg.randn([B, 4], { requiresGrad: true });
const logits = h.matmul(W2).add(b2).retainGrad();
const logprobs = logits.softmax().log().retainGrad();
h.retainGrad();
logprobs.sum().backward();
const [dh, dlogits, dlogprobs] = [h.grad!.clone(), logits.grad!.clone(), logprobs.grad!.clone()];
const losses = [3, 2.5, 2.25];
const [x, W] = [hg.randn([2, 3], { requiresGrad: true }), hg.randn([3, 2], { requiresGrad: true })];
const instance = { exports: { memory: new WebAssembly.Memory({ initial: 1 }), layernorm_backward_f32: () => {} } };
const proof = defineProof({
  inputs: (hg) => ({ x: hg.randn([4], { requiresGrad: true }) }),
  forward: ({ x }) => ({ loss: x.pow(2).sum() }),
  backward: (t, d) => { d.x = t.x.mul(2); },
});
const module = { default: proof };
const report = prove(hg, proof);
const bytes = model.save({ vocabulary, statistics });
const source = operationByOperation.map(({ python }) => python).join('\\n');
const sampler = hg.generator().manualSeed(3);
const session = hg.loadModel(bytes).model.session({ dataset, vocabulary, generator: hg.generator(), steps: 1e9 });
await writeFileAtomic('names.txt', new TextEncoder().encode(words.join('\\n')));
await writeFileAtomic('model.safetensors', bytes);
`;

test('every example compiles and runs', { timeout: 120_000 }, () => {
  const found = examples();
  expect(found.length).toBeGreaterThan(25);
  const names = publicSymbols().map(({ name }) => name);
  const used = names.filter(
    (name) => found.some(({ code }) => new RegExp(`\\b${name}[(.]`).test(code)) || values.includes(name),
  );
  const blocks = found.map(({ name, code }) => `{ // ${name}\n${code}\n}`);
  const symbols = publicSymbols();
  const importsOf = (entry: (typeof entries)[number]) => {
    const imported = symbols.filter(
      (symbol) =>
        symbol.entries.includes(entry) &&
        used.includes(symbol.name) &&
        /^[a-z]|^(Vocabulary|Notebook|CellTraining)$/.test(symbol.name),
    );
    return imported.length === 0 ? '' : `import { ${imported.map(({ name }) => name).join(', ')} } from '${entry}';`;
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    new URL('examples.ts', folder),
    `${entries.map(importsOf).join('\n')}\n${values}\n${blocks.join('\n')}\n`,
  );
  writeFileSync(
    new URL('tsconfig.json', folder),
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false, rootDir: '../..' },
      include: ['examples.ts'],
    }),
  );
  const run = (program: string, ...args: string[]) =>
    execFileSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  const output = (() => {
    try {
      run('../../node_modules/typescript/bin/tsc', '-p', '.');
      return run('../../node_modules/tsx/dist/cli.mjs', 'examples.ts');
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${stdout}${stderr}`);
    }
  })();
  expect(output).toContain('logprobs        | exact: True  | approximate: True  | maxdiff: 0.0');
});
