// The README's programs and the examples, as a user of the installed package has them.

import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import { type Browser, chromium } from 'playwright';
import { build as vite } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { init } from '../../src/index.js';
import { findBrowser } from '../support/browser.js';
import { projectUrl } from '../support/fixture.js';
import { download, onPage, programsForNode, programsOf } from './readme.js';
import { serve } from './server.js';

const run = promisify(execFile);
const project = inject('project');
const read = (name: string) => readFileSync(projectUrl(name), 'utf8');
/** A folder with nothing in it but what is pasted there, from which the package is found. */
const pasted = join(project, 'pasted');
beforeAll(() => void mkdirSync(pasted));

/** Runs a program in that folder. */
function paste(name: string, code: string): Promise<{ stdout: string; stderr: string }> {
  writeFileSync(join(pasted, name), code);
  return run(process.execPath, [name], { cwd: pasted });
}

test('the README has a program for each visitor', () => {
  expect(programsForNode).toHaveLength(3);
  expect(onPage).toContain('caches.open');
});

test("the README's program with a file on disk is the page's but for words and file", () => {
  const onDisk = programsForNode.at(-1)!.code.split('\n');
  const lines = onPage.split('\n');
  const others = onDisk.filter((line) => !lines.includes(line));
  expect(others).toHaveLength(4);
  expect(others.join('\n')).toMatch(/^import .*\n.* loadWords\(.*\n.*writeFileAtomic\(.*\n.*\bawait readFile\(.*$/);
});

test.each(programsForNode.map(({ code, output }, i) => [i + 1, code, output] as const))(
  'program %d of the README for Node runs as it is pasted',
  async (i, code, output) => {
    const { stdout, stderr } = await paste(`readme${i}.mjs`, code);
    expect(stderr).toBe('');
    if (output !== undefined) expect(stdout).toBe(output);
    else if (code.includes('ulpDistance'))
      expect(stdout).toMatch(/^(true|false) \S+ true\n\[ \d \] \d units in the last place\n$/);
    else {
      expect(stdout).toMatch(/^1000 2\.\d+$/m);
      expect(stdout.match(/'[a-z]*'/g)).toHaveLength(5);
    }
  },
);

test('the program of docs/proving-gradients.md prints what stands there', async () => {
  const [program, ...others] = programsOf('docs/proving-gradients.md');
  expect(others).toEqual([]);
  expect((await paste('proving.mjs', program!.code)).stdout).toBe(program!.output);
});

test('the proofs of docs/proving-gradients.md are right, by its commands in their order', {
  timeout: 120_000,
}, async () => {
  const guide = read('docs/proving-gradients.md');
  const proofs = ['crossEntropy', 'layerNorm', 'attention'];
  const checks = proofs.map((name) => `npx handgrad check node_modules/handgrad/examples/proofs/${name}.mjs`);
  const [install, ...commands] = /A kernel in AssemblyScript\n[^`]*```sh\n([^`]+)```/
    .exec(guide)![1]!
    .trimEnd()
    .split('\n');
  expect(install).toMatch(/^npm install .*\bassemblyscript$/);
  // In place of that command, so that no network is needed.
  const folder = join(project, 'proofs');
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  const link = (from: string, name: string) =>
    symlinkSync(join(from, 'node_modules', name), join(folder, 'node_modules', name));
  for (const name of ['assemblyscript', '.bin/asc']) link(fileURLToPath(projectUrl('.')), name);
  for (const name of ['handgrad', '.bin/handgrad']) link(project, name);
  const { stdout } = await run('bash', ['-ec', [...checks, ...commands].join('\n')], { cwd: folder });
  expect(stdout.match(/^Right: /gm)).toHaveLength(4);
});

test('examples/words.ts trains on a list of words, and on the names of the package', async () => {
  const { code } = transformSync(read('examples/words.ts'), { loader: 'ts', target: 'es2022' });
  writeFileSync(join(pasted, 'words.mjs'), code);
  const words = ['aa', 'bab', 'abba', 'ba', 'bb', 'aab', 'baab', 'a', 'b', 'ab', 'bba', 'abb'];
  writeFileSync(join(pasted, 'own.txt'), words.join('\n'));
  const own = execFileSync(process.execPath, ['words.mjs', 'own.txt'], { cwd: pasted, encoding: 'utf8' });
  expect(own).toMatch(/^12 words of 2 characters\n2000 steps, loss /);
  expect(
    own
      .trimEnd()
      .split('\n')
      .slice(-10)
      .every((word) => /^[ab]*$/.test(word)),
  ).toBe(true);
  const bundled = execFileSync(process.execPath, ['words.mjs'], { cwd: pasted, encoding: 'utf8' });
  expect(bundled).toMatch(/^32178 words of 26 characters\n/);
});

const found = await findBrowser();

describe.skipIf(found === undefined)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch(found!.launchOptions);
  });
  afterAll(() => browser?.close());

  /** Opens a page of a folder, and returns what `element` holds once it holds `expected`. */
  async function textOf(folder: string, path: string, element: string, expected: RegExp): Promise<string> {
    const { server, url } = await serve(
      folder,
      "default-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
    );
    const page = await browser.newPage();
    try {
      const failed = new Promise<never>((_, reject) => {
        page.on('pageerror', reject);
      });
      await page.goto(new URL(path, url).href);
      await Promise.race([expect.poll(() => page.textContent(element), { timeout: 50_000 }).toMatch(expected), failed]);
      mkdirSync(projectUrl('build/screenshots/'), { recursive: true });
      await page.screenshot({ path: fileURLToPath(projectUrl(`build/screenshots/${path.replace('.html', '')}.png`)) });
      return (await page.textContent(element))!.trim();
    } finally {
      await page.close();
      server.close();
    }
  }

  test("the README's page trains, keeps, loads and goes on, and hands the model to its visitor", async () => {
    const imports = {
      handgrad: './node_modules/handgrad/dist/index.js',
      '@assemblyscript/loader': './node_modules/@assemblyscript/loader/index.js',
    };
    const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
    const scripts = `<script type="module">${onPage}${download}</script>`;
    writeFileSync(join(project, 'readme.html'), `<!doctype html><title>handgrad</title>${map}${scripts}`);
    const { server, url } = await serve(project, "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'");
    const page = await browser.newPage();
    try {
      const printed: string[] = [];
      page.on('console', (message) => printed.push(message.text()));
      const failed = new Promise<never>((_, reject) => {
        page.on('pageerror', reject);
      });
      const downloaded = page.waitForEvent('download', { timeout: 50_000 });
      await page.goto(new URL('readme.html', url).href);
      const saved = await Promise.race([downloaded, failed]);
      expect(saved.suggestedFilename()).toBe('model.safetensors');
      const hg = await init();
      const { vocabulary, statistics } = hg.loadModel(readFileSync(await saved.path()));
      expect(vocabulary.size).toBe(27);
      expect(statistics).toBeDefined();
      const last = printed.findIndex((line) => /^1000 2\.\d+$/.test(line));
      expect(printed.slice(last + 1)).toEqual([
        expect.stringMatching(/^2\.\d+$/),
        expect.stringMatching(/^\[\w*(, \w*){4}\]$/),
      ]);
    } finally {
      await page.close();
      server.close();
    }
  });

  test('examples/page.html proves a gradient and writes ten names, without a build step', async () => {
    copyFileSync(projectUrl('examples/page.html'), join(project, 'page.html'));
    const names = await textOf(project, 'page.html', '#names', /^\s*\w+\n/);
    expect(names.split('\n')).toHaveLength(10);
    const proof = await textOf(project, 'page.html', '#proof', /dlogits/);
    expect(proof).toMatch(/^dlogits {9}\| exact: (True |False) \| approximate: True {2}\| maxdiff: /);
  });

  test('the page and the worker of docs/training-in-a-page.md train, pause and go on', async () => {
    const root = join(project, 'least');
    mkdirSync(join(root, 'public'), { recursive: true });
    copyFileSync(projectUrl('names.txt'), join(root, 'public/names.txt'));
    const [, worker, pageScript] = [...read('docs/training-in-a-page.md').matchAll(/```js\n([\s\S]+?)```/g)];
    writeFileSync(join(root, 'worker.js'), worker![1]!);
    writeFileSync(join(root, 'page.js'), pageScript![1]!);
    writeFileSync(join(root, 'index.html'), '<!doctype html><body><script type="module" src="./page.js"></script>');
    await vite({ root, configFile: false, logLevel: 'error', build: { outDir: 'built' }, worker: { format: 'es' } });
    const { server, url } = await serve(
      join(root, 'built'),
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    );
    const page = await browser.newPage();
    try {
      const step = async () => Number.parseInt((await page.textContent('body'))!, 10);
      const becomes = (least: number) => expect.poll(step, { timeout: 20_000 }).toBeGreaterThan(least);
      await page.goto(url);
      await becomes(0);
      await page.keyboard.press('p');
      await page.waitForTimeout(300);
      const paused = await step();
      await page.waitForTimeout(300);
      expect(await step()).toBe(paused);
      await page.keyboard.press('p');
      await becomes(paused);
      expect(await page.textContent('body')).toMatch(/^\d+: [23]\.\d{3}( \w*){5}$/);
    } finally {
      await page.close();
      server.close();
    }
  });

  test('examples/worker trains in a worker, which is paused, stepped, saved, stopped, and goes on from a file', async () => {
    const root = join(project, 'worker');
    cpSync(projectUrl('examples/worker/'), root, { recursive: true });
    mkdirSync(join(root, 'public'));
    copyFileSync(projectUrl('names.txt'), join(root, 'public/names.txt'));
    await vite({ root, configFile: false, logLevel: 'error', build: { outDir: 'built' }, worker: { format: 'es' } });
    const { server, url } = await serve(
      join(root, 'built'),
      "default-src 'self' 'unsafe-inline'; script-src 'self' 'wasm-unsafe-eval'",
    );
    const page = await browser.newPage();
    try {
      const failures: Error[] = [];
      page.on('pageerror', (error) => failures.push(error));
      const state = () => page.textContent('#state');
      const step = async () => Number.parseInt((await state())!, 10);
      const becomes = (read: () => unknown) => expect.poll(read, { timeout: 20_000 });
      await page.goto(url);
      await page.fill('#steps', '1000000');
      await page.click('#train');
      await becomes(state).toMatch(/^\d+ of 1000000, \d+ a second$/);
      await page.click('#pause');
      await page.click('#step');
      await page.waitForTimeout(300);
      const paused = await step();
      await page.waitForTimeout(300);
      expect(await step()).toBe(paused);
      await page.click('#step');
      await becomes(step).toBe(paused + 1);

      const downloaded = page.waitForEvent('download');
      await page.click('#save');
      const file = join(project, 'worker.safetensors');
      await (await downloaded).saveAs(file);
      const { training, vocabulary } = (await init()).loadModel(readFileSync(file));
      expect(training!.step).toBe(paused + 1);
      expect(vocabulary.size).toBe(27);

      await page.click('#resume');
      await becomes(step).toBeGreaterThan(paused + 1);
      await page.click('#stop');
      await becomes(state).toBe('stopped');
      expect((await page.textContent('#names'))!.split('\n')).toHaveLength(10);
      for (const loss of ['#loss', '#devLoss']) expect(await page.textContent(loss)).toMatch(/^[23]\.\d{3}$/);
      expect(await page.textContent('#updates')).toMatch(/^\d+% saturated, \d+ dead; log10 of updates: C -\d\.\d\d, /);
      expect(await page.locator('#plots svg').count()).toBe(2);

      await page.fill('#steps', String(paused + 500));
      await page.setInputFiles('#file', file);
      await page.click('#train');
      await becomes(state).toBe('done');
      expect(failures).toEqual([]);
    } finally {
      await page.close();
      server.close();
    }
  });
});
