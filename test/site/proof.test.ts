// The room in which one proves a backward pass of one's own: reports, complaints, limits, and what the code of others can't reach.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packed } from '../../site/src/parts/packed.js';
import { addressOf, serveSite } from '../../src/cli/siteServer.js';
import { formatSafetensors, init, type NdArray } from '../../src/index.js';
import { type Proof, prove } from '../../src/proof.js';
import { labAddress, opened, scrollsSideways, site, violations } from './page.js';

const rightBackward = 'd.y = d.z.mul(2); d.x = d.y.mul(hg.onesLike(t.y).sub(t.y.pow(2)));';

/** A module with a proof whose function `backward` does what is given. */
const moduleOf = (backward = rightBackward, before = '') => `${before}
export default {
  name: 'of a test',
  inputs: (hg) => ({ x: hg.randn([4, 3], { requiresGrad: true }) }),
  forward: ({ x }) => { const y = x.tanh(); return { y, outputs: { z: y.mul(2) } }; },
  backward: (t, d, hg) => { ${backward} },
};
`;

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const report = (page: Page): Locator => page.getByRole('article', { name: 'Report' });
const headline = (page: Page) => report(page).getByRole('heading', { level: 2 }).textContent();
const failure = (page: Page) => page.locator('.failed').textContent();
const editor = (page: Page) => page.locator('.editor .cm-content');

/** Opens a module as a file and proves it. */
async function proved(page: Page, code: string): Promise<void> {
  await opens(page, 'own.mjs', code);
  await button(page, 'Run').click();
}

async function opens(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) };
  await page.getByLabel('Open a file').setInputFiles(file);
}

/** Drops files on the room. */
async function drops(page: Page, files: Readonly<Record<string, Uint8Array>>, at = '.own-proof'): Promise<void> {
  const data = await page.evaluateHandle(
    (entries) => {
      const transfer = new DataTransfer();
      for (const [name, bytes] of entries) transfer.items.add(new File([new Uint8Array(bytes)], name));
      return transfer;
    },
    Object.entries(files).map(([name, bytes]) => [name, [...bytes]] as const),
  );
  await page.dispatchEvent(at, 'drop', { dataTransfer: data });
}

const linkTo = async (code: string, fields: object = {}) =>
  `#/proof?code=${await packed(JSON.stringify({ code, ...fields }))}`;

describe('a module', () => {
  test('that comes with the page is proved at once', async () => {
    await opened('#/proof', async (page) => {
      const expected: Readonly<Record<string, RegExp>> = {
        'Layer norm, one operation at a time': /^✓Right: every gradient is what it should bea layer norm ·/,
        'Attention, and the softmax in it': /^✓Right.*attention · float32 · \d (exact|rounding)/,
        'Attention with a mistake': /^✗Not right: dscores is the first wrong stepattention ·/,
        'Cross-entropy in one go': /^✓Right.*cross-entropy in one go ·/,
        'A layer norm fused over typed arrays': /^✓Right.*fused layer norm ·/,
      };
      const titles = await page.locator('.examples-of-proofs option').allTextContents();
      expect(titles).toEqual(Object.keys(expected));
      for (const title of titles) {
        await page.getByLabel('Begin with').selectOption(title);
        await expect.poll(() => report(page).textContent(), { message: title }).toMatch(expected[title]!);
      }
    });
  });

  test('is judged as in Node, row by row, with its dtype and seed', async () => {
    const code = moduleOf('d.y = d.z.mul(3); d.x = d.y;');
    const { default: proof } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { default: Proof };
    const expected = prove(await init(), proof, { dtype: 'float64', seed: 7 });
    await opened('#/proof', async (page) => {
      await page.getByLabel('dtype').selectOption('float64');
      await page.getByLabel('seed').fill('7');
      await proved(page, code);
      await page.getByText('of a test · float64').waitFor();
      expect(await headline(page)).toContain('dy is the first wrong step');
      const rows = await page.locator('.report > .rows tbody tr').allInnerTexts();
      expect(rows.map((row) => row.split(/\s+/)[0])).toEqual(expected.gradients.map(({ name }) => `d${name}`));
      for (const [i, { maxdiff }] of expected.gradients.entries()) expect(rows[i]).toContain(maxdiff.toPrecision(4));
      expect(await page.locator('.gradient').textContent()).toContain(expected.gradients[0]!.diagnosis!.text.slice(1));
    });
  });

  test('with a fault shows where it began and what inherited it, and is saved as a page with pictures', async () => {
    await opened('#/proof', async (page, context) => {
      await page.getByLabel('Begin with').selectOption('Attention with a mistake');
      expect(await page.locator('.chain-node.root').innerText()).toMatch(/dscores\s+first wrong step/);
      expect((await page.locator('.chain-node.inherited .chain-name').allTextContents()).sort()).toEqual(['dk', 'dq']);
      expect(await page.locator('.chain-edge.carrying').count()).toBe(2);
      await button(page, 'dq').click();
      const detail = page.getByRole('region', { name: 'dq' });
      expect(await detail.textContent()).toContain('Nothing to change here');
      await detail.getByRole('application').press('ArrowRight');
      expect(await detail.textContent()).toMatch(/\[0, 0\]: yours \S+, expected \S+, difference/);
      expect(await violations(page)).toEqual([]);
      const download = page.waitForEvent('download');
      await button(page, 'Save the whole report as a page').click();
      const file = await download;
      expect(file.suggestedFilename()).toBe('attention.html');
      const saved = await context.newPage();
      await saved.setContent(readFileSync(await file.path(), 'utf8'));
      expect(await saved.locator('details.gradient .pictures svg').count()).toBeGreaterThan(10);
      expect(await saved.locator('.outcome').textContent()).toContain('dscores');
    });
  });

  test('is proved several times, and lists the runs that are not right', async () => {
    await opened('#/proof', async (page) => {
      await page.getByLabel('repeat').fill('4');
      const seeds = 'globalThis.seen ??= new Set(); seen.add(String(t.x)); if (seen.size > 6) d.x = d.z;';
      await proved(page, moduleOf(`${rightBackward} ${seeds}`));
      await page.locator('.standing-of-run', { hasText: /^[123] of 4 runs are right/ }).waitFor();
      const options = await page.getByRole('combobox', { name: 'Report' }).locator('option').allTextContents();
      expect(options.at(-1)).toMatch(/^of a test, seed 3: wrong, dx/);
      await page.getByRole('combobox', { name: 'Report' }).selectOption(options.at(-1)!);
      await expect.poll(() => headline(page)).toContain('dx is the first wrong step');
      await page.getByLabel('repeat').fill('0');
      expect(await page.getByRole('alert').textContent()).toBe(
        'repeat: expected a whole number from 1 to 1000, got "0"',
      );
      expect(await button(page, 'Run').isDisabled()).toBe(true);
    });
  });

  test('imports the library by its names, and prints, a flood of it not without end', async () => {
    const code = `import { allclose } from 'handgrad';\nimport { defineProof } from 'handgrad/proof';\nimport * as kernels from "handgrad/kernels";
      console.log(typeof allclose, Object.keys(kernels), { b: 3 }, null, undefined, () => 1);
      for (let i = 0; i < 1e5; i++) console.warn('w' + i);
      ${moduleOf().replace('export default {', 'export default defineProof({').replace(/};\n$/, '});')}`;
    await opened('#/proof', async (page) => {
      await proved(page, code);
      await page.getByText('of a test · float32').waitFor();
      const lines = (await page.locator('.printed pre').textContent())!.split('\n');
      expect(lines[0]).toBe('function ["defineKernel","wasmKernel"] {"b":3} null undefined () => 1');
      expect(lines.length).toBe(201);
      expect(lines.at(-1)).toContain('which is not shown');
    });
  });

  test('is kept, and left by the keyboard', async () => {
    await opened('#/proof', async (page) => {
      await editor(page).press('ControlOrMeta+Home');
      await page.keyboard.type('// mine\n');
      await page.keyboard.press('ControlOrMeta+Enter');
      await report(page).waitFor();
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement!.textContent)).toBe('Run');
      await page.reload();
      await page.getByText('Press Run').waitFor();
      expect(await editor(page).textContent()).toMatch(/^\/\/ mine/);
      await drops(page, { 'other.mjs': new TextEncoder().encode('// another') }, '.editor .cm-content');
      await expect.poll(() => editor(page).textContent()).toBe('// another');
      await page.waitForTimeout(100);
      expect(await editor(page).textContent()).toBe('// another');
      await button(page, 'Put back what was here').click();
      await expect.poll(() => editor(page).textContent()).toMatch(/^\/\/ mine/);
    });
  });
});

test('what is wrong with a module is said, with the line', async () => {
  const cases: readonly [code: string, expected: RegExp][] = [
    ['const a = 1;\nconst b = ;\n', /^!SyntaxError \(line 2\): Unexpected token/],
    ['\n\nthrow new RangeError("too far");', /RangeError \(line 3, column \d+\): too far/],
    ['throw { no: 1 };', /expected no error, got .* thrown/],
    ['const a = 1;', /expected a default export, a proof or a list of them, got none/],
    ['export default 3;', /expected a proof, got 3/],
    ['export default [];', /expected at least one proof, got an empty list/],
    ['export default { inputs() {} };', /proof\.forward: expected a function, got undefined/],
    [moduleOf('\n d.x = t.x.matmul(t.x);'), /ShapeError \(line 7, column \d+\).*\[4, 3\]/],
    [moduleOf().replace('backward: (', 'backward: async ('), /got a promise/],
    ["\nimport fs from 'node:fs';", /\(line 2\).*expected 'handgrad' or 'handgrad\/kernels'.*'node:fs'/],
    [
      "\nimport { defineProof, init } from 'handgrad';",
      /^!SyntaxError \(line 2\): import: expected a name that 'handgrad' exports, got defineProof, which 'handgrad\/proof' exports$/,
    ],
    ["import nothing from 'handgrad/kernels';", /\(line 1\): .* that 'handgrad\/kernels' exports, got default$/],
    ["export { allclose, toString } from 'handgrad';", /that 'handgrad' exports, got toString$/],
    ['let a = 1;\nconst b: number = a;', /^!SyntaxError \(line 2\): .*TypeScript.*types out.*`handgrad check file.ts`/],
    ["import type { Proof } from 'handgrad/proof';\nexport default 3;", /\(line 1\): .*TypeScript/],
    [moduleOf('new Float64Array(2 ** 40);'), /RangeError \(line 6.*([Aa]llocation failed|typed array length)/],
    [moduleOf('hg.zeros([2 ** 31, 4]);'), /Error \(line 6.*expected/],
  ];
  await opened('#/proof', async (page) => {
    for (const [code, expected] of cases) {
      await proved(page, code);
      await expect.poll(() => failure(page), { message: code }).toMatch(expected);
    }
    expect(await page.locator('.editor .sign.error').getAttribute('title')).toContain('expected');
    expect(await violations(page)).toEqual([]);
  });
});

test('what does not end is ended and said to be, and Stop ends it too', async () => {
  const cases = [
    'for (;;);',
    moduleOf('for (;;);'),
    'export default { get inputs() { for (;;); } };',
    'await new Promise(() => {});',
    'for (;;) console.log("on and on");',
  ];
  await opened('#/proof', async (page) => {
    await report(page).waitFor();
    await page.getByLabel('seconds at most').fill('1');
    for (const [i, code] of cases.entries()) {
      await proved(page, `console.log('case ${i}');\n${code}`);
      const said = () => page.locator('.result').textContent();
      const message = 'expected an end within 1 s, got none; it was stopped';
      await expect.poll(said, { timeout: 15_000 }).toMatch(new RegExp(`${message}Printedcase ${i}`));
      expect(await page.locator('iframe').count()).toBe(0);
    }
    await page.getByLabel('seconds at most').fill('600');
    await proved(page, cases[0]!);
    await page.getByText('Proving…').waitFor();
    await button(page, 'Stop').click();
    await page.getByText('Stopped.').waitFor();
    await expect.poll(() => page.workers().length, { timeout: 10_000 }).toBe(0);
    await page.getByLabel('Begin with').selectOption('Cross-entropy in one go');
    expect(await headline(page)).toContain('Right');
  });
});

describe('code of others', () => {
  /** Two servers that count who comes: one elsewhere, which lets everyone in, and the lab's own. */
  const asked: string[] = [];
  let elsewhere: Server;
  let lab: Server;
  const count = (server: Server) => server.on('request', ({ url }) => asked.push(url!));
  beforeAll(async () => {
    elsewhere = createServer((_, response) => {
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/javascript' });
      response.end('self.taken = true;');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    lab = await serveSite(site, 0);
    count(elsewhere).on('upgrade', ({ url }) => asked.push(url!));
    count(lab);
  });
  afterAll(() => {
    for (const server of [elsewhere, lab]) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** A page of which the browser complains, for it says what it refuses. */
  const refusing = (use: (page: Page) => Promise<void>) =>
    opened('#/proof', async (_, context) => {
      const own = await context.browser()!.newContext({ serviceWorkers: 'block' });
      await use(await own.newPage());
      await own.close();
    });

  /** Attempts to reach `base`, each a line of a program that awaits it. */
  const attempts = (base: string) => [
    `fetch('${base}fetch')`,
    `fetch('${base}opaque', { mode: 'no-cors' })`,
    `new Promise((_, no) => { const it = new Image(); it.onerror = no; it.src = '${base}image'; })`,
    `import('${base}import')`,
    `importScripts('${base}importScripts')`,
    `new Worker('${base}worker')`,
    `new Promise((_, no) => { const it = new WebSocket('${base.replace('http', 'ws')}socket'); it.onerror = no; })`,
    `new Promise((_, no) => { const it = new EventSource('${base}events'); it.onerror = no; })`,
    `new Promise((_, no) => { const it = new XMLHttpRequest(); it.open('GET', '${base}xhr'); it.onerror = no; it.send(); })`,
    `(() => { navigator.sendBeacon('${base}beacon'); throw 0; })()`,
    `(() => { const form = document.createElement('form'); form.action = '${base}form'; form.method = 'post'; document.body.append(form); form.submit(); throw 0; })()`,
    `(() => { if (open('${base}open') === null) throw 0; })()`,
    `(() => { top.location = '${base}top'; })()`,
    `(() => { const link = document.createElement('link'); link.rel = 'prefetch'; link.href = '${base}prefetch'; document.head.append(link); throw 0; })()`,
    `(() => { const it = document.createElement('iframe'); it.src = '${base}iframe'; document.body.append(it); throw 0; })()`,
    `(() => { const it = document.createElement('script'); it.src = '${base}script'; document.body.append(it); throw 0; })()`,
    "localStorage.getItem('handgrad.proof')",
    "new Promise((yes, no) => { const it = indexedDB.open('x'); it.onsuccess = yes; it.onerror = no; })",
    "caches.open('x')",
    'parent.document.body.id',
  ];

  test('asks nobody for anything, keeps nothing, and does not reach the page', async () => {
    const bases = [`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`, addressOf(lab)];
    const lines = bases.flatMap(attempts).map((line) => `async () => ${line}`);
    // Gives the attempts that have come to something.
    const attack = `Promise.all([${lines.join(',\n')}].map(async (attempt) => {
      try { await attempt(); return String(attempt); } catch { return ''; }
    })).then((texts) => texts.filter(Boolean).join())`;
    const nested = `new Promise((yes) => {
      const text = "fetch('${bases[0]}nested').then(() => postMessage('reached'), () => postMessage('refused'))";
      new Worker(URL.createObjectURL(new Blob([text]))).onmessage = ({ data }) => yes(data);
    })`;
    await refusing(async (page) => {
      await page.goto(`${addressOf(lab)}#/proof`);
      await report(page).waitFor();
      asked.length = 0;
      await proved(
        page,
        moduleOf(
          rightBackward,
          `console.log((await ${attack}) || 'nothing', await ${nested}, typeof postMessage); eval('1');`,
        ),
      );
      expect(await page.locator('.printed pre').textContent()).toBe('nothing refused undefined');
      expect(await failure(page)).toContain('EvalError');

      // In the document of the frame, in which no code of others runs.
      await proved(page, 'for (;;);');
      await page.getByText('Proving…').waitFor();
      const frame = page.frames().find((one) => one.url().includes('sandbox.html'))!;
      expect(await frame.evaluate(attack)).toBe('');
      await frame.evaluate(`location = '${bases[0]}navigated'`).catch(() => {});
      await page.waitForTimeout(300);
      expect(page.context().pages().length).toBe(1);
      expect(page.url()).toBe(`${addressOf(lab)}#/proof`);
      expect(asked.filter((path) => path !== '/sandbox.html')).toEqual([]);
    });
  });

  test('does not run in a page that another site embeds with an origin', async () => {
    const host = createServer(({ url }, response) => {
      // Without any header: a host that sends none.
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end(url === '/sandbox.html' ? site.get(url)!.bytes : '<!doctype html><title>host</title>');
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    await refusing(async (page) => {
      await page.goto(addressOf(host));
      const answers = await page.evaluate(async () => {
        const answers: [sandboxed: boolean, kind: string][] = [];
        for (const sandboxed of [true, false]) {
          const frame = document.createElement('iframe');
          if (sandboxed) frame.setAttribute('sandbox', 'allow-scripts');
          frame.src = 'sandbox.html';
          window.onmessage = ({ data }) => answers.push([sandboxed, data.kind]);
          document.body.append(frame);
          await new Promise((resolve) => frame.addEventListener('load', resolve));
          frame.contentWindow!.postMessage({ kind: 'ping' }, '*');
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
        return answers;
      });
      expect(answers).toEqual([
        [true, 'ready'],
        [true, 'pong'],
      ]);
    });
    host.closeAllConnections();
    host.close();
  });

  test('shows its names as text, here and in the saved page', async () => {
    const evil = '<img src=x onerror="top.taken = 1"><script>top.taken = 1</script>';
    const code = moduleOf(
      `${rightBackward} d.x = d.y; d[evil] = d.z;`,
      `const evil = ${JSON.stringify(evil).replace('</', '<\\/')};\nconsole.log(evil);`,
    )
      .replace("'of a test'", 'evil')
      .replace('{ y, outputs', '{ y, [evil]: y.mul(1), __proto__: null, outputs');
    await opened('#/proof', async (page, context) => {
      await proved(page, code);
      await page.locator('.printed').waitFor();
      await report(page).waitFor();
      expect(await page.locator('.printed pre').textContent()).toBe(evil);
      expect(await report(page).textContent()).toContain(`${evil} · float32`);
      expect(await page.locator('main img, main script').count()).toBe(0);
      const download = page.waitForEvent('download');
      await button(page, 'Save the whole report as a page').click();
      const saved = await context.newPage();
      await saved.setContent(readFileSync(await (await download).path(), 'utf8'));
      expect(await saved.textContent('h1')).toBe(evil);
      expect(await saved.locator('img').count()).toBe(0);
      expect(await saved.evaluate('globalThis.taken')).toBeUndefined();
      await proved(page, `throw new Error(${JSON.stringify(evil).replace('</', '<\\/')});`);
      await expect.poll(() => failure(page)).toContain(evil);
      expect(await page.locator('main img').count()).toBe(0);
    });
  });

  test('that forges its report is told from one that proves', async () => {
    const forging = `const { assign } = Object;
      Object.assign = (target, ...from) => assign(target, ...from, 'gradients' in (from[0] ?? {}) ? { name: 42 } : {});`;
    await opened('#/proof', async (page) => {
      await proved(page, moduleOf(rightBackward, forging));
      await expect.poll(() => failure(page)).toContain('has sent something that is no report (name: expected a text');
    });
  });

  test('that ends its frame, or the page, is said to have used too much memory', async () => {
    await opened('#/proof', async (page) => {
      await report(page).waitFor();
      await page.clock.install();
      await proved(page, 'for (;;);');
      await page.getByText('Proving…').waitFor();
      await expect.poll(() => page.workers().length).toBe(1);
      await page.evaluate(() => document.querySelector('iframe')!.setAttribute('src', 'about:blank'));
      await page.clock.runFor(12_000);
      expect(await failure(page)).toContain('no longer answers: the module has probably used more memory');
      await button(page, 'Run').click();
      const mark = () => page.evaluate(() => sessionStorage.getItem('handgrad.proof.running'));
      expect(await mark()).toBe('1');
      // A page that is left takes the mark away, one that crashes does not.
      await page.reload();
      await page.getByText('Press Run').waitFor();
      expect(await mark()).toBe(null);
      await page.addInitScript(() => sessionStorage.setItem('handgrad.proof.running', '1'));
      await page.reload();
      await page.getByText('The last run took the page with it').waitFor();
    });
  });

  test('is heard through its own frame alone', async () => {
    await opened('#/proof', async (page) => {
      await report(page).waitFor();
      await page.getByLabel('seconds at most').fill('1');
      await proved(page, 'try { postMessage({ kind: "done", count: { done: 9, right: 9 } }); } catch {} for (;;);');
      await page.getByText('Proving…').waitFor();
      await page.evaluate(() => postMessage({ kind: 'done', count: { done: 9, right: 9 } }, '*'));
      expect(await failure(page)).toContain('expected an end within 1 s');
    });
  });

  test('that came by a link waits until its reader presses Run', async () => {
    const code = `console.log('it has run');\r\n${moduleOf()}`;
    await opened('#/proof', async (page) => {
      await opens(page, 'mine.mjs', '// mine');
      await page.evaluate(
        (hash) => {
          location.hash = hash;
        },
        await linkTo(code, { dtype: 'float64', seed: '5', seconds: '600' }),
      );
      await page.getByText('This module came by a link and has not run.').waitFor();
      expect(page.url()).toBe(`${labAddress()}#/proof`);
      expect(await page.getByLabel('seed').inputValue()).toBe('5');
      expect(await page.getByLabel('seconds at most').inputValue()).toBe('20');
      await editor(page).press('ControlOrMeta+Enter');
      await page.waitForTimeout(300);
      expect(await page.locator('iframe, .printed').count()).toBe(0);
      await button(page, 'Run').click();
      await page.getByText('it has run').last().waitFor();
      expect(await report(page).textContent()).toContain('float64');
      await editor(page).press('ControlOrMeta+Home');
      await page.keyboard.type('// and mine too');
      await page.reload();
      expect(await editor(page).textContent()).toMatch(/^\/\/ and mine too/);
      await button(page, 'Put back what was here').click();
      await expect.poll(() => editor(page).textContent()).toBe('// mine');
      for (const letters of ['***', 'AAAA', await packed('{"code":3}')]) {
        await page.goto(`${labAddress()}?${encodeURIComponent(letters)}#/proof?code=${letters}`);
        await page.getByText('The link could not be read: it is incomplete or damaged').waitFor();
        expect(await editor(page).textContent()).toBe('// mine');
      }
    });
  });

  test('is shared with its options in a link that opens as it was', async () => {
    await opened(
      '#/proof',
      async (page) => {
        await opens(page, 'mine.mjs', '// α → β, mine');
        await page.getByLabel('repeat').fill('3');
        await button(page, 'Copy a link to this').click();
        await page.getByText('The link is in the clipboard.').waitFor();
        const link = await page.evaluate(() => navigator.clipboard.readText());
        await page.evaluate(() => localStorage.clear());
        await page.goto('about:blank');
        await page.goto(link);
        await page.getByText('has not run').waitFor();
        expect(await editor(page).textContent()).toBe('// α → β, mine');
        expect(await page.getByLabel('repeat').inputValue()).toBe('3');
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    );
  });
});

describe('tensors in files', () => {
  const array = (...values: number[]): NdArray => ({
    dtype: 'float64',
    shape: [values.length],
    data: new Float64Array(values),
  });
  const narrow = (...values: number[]): NdArray => ({
    dtype: 'float32',
    shape: [values.length],
    data: new Float32Array(values),
  });
  const truth = formatSafetensors({ dW: array(0.1, 0.2, 0.3), db: array(1 / 3, 2 / 3) });
  const reference = formatSafetensors({ dW: narrow(0.1, 0.2, 0.3), db: narrow(1 / 3, 2 / 3) });
  const candidate = formatSafetensors({ dW: narrow(0.1, 0.2, 0.3), db: narrow(-1 / 3, -2 / 3) });
  const slot = (page: Page, name: string) => page.getByLabel(`Choose a file for the ${name}`);
  const file = (name: string, bytes: Uint8Array) => ({ name, mimeType: '', buffer: Buffer.from(bytes) });

  test('are compared when they are dropped, and each finds its place by its name', async () => {
    await opened('#/proof', async (page) => {
      await drops(page, { 'truth.safetensors': truth, 'mine.safetensors': candidate, 'ref.safetensors': reference });
      await expect.poll(() => headline(page)).toContain('Not right: db is wrong');
      expect(await report(page).textContent()).toContain('mine.safetensors, held against ref.safetensors');
      expect(await report(page).textContent()).toContain('1 exact, 1 wrong');
      expect(page.url()).toContain('from=dumps');
      expect(await violations(page)).toEqual([]);
      await button(page, 'Remove the truth').click();
      await page.getByText('Undecided').first().waitFor();
      expect(await report(page).textContent()).toContain('a truth in float64 would decide');
    });
  });

  test('that are none, or do not belong together, are complained of', async () => {
    await opened('#/proof?from=dumps', async (page) => {
      await slot(page, 'candidate').setInputFiles(file('bad.safetensors', Uint8Array.of(1, 2, 3)));
      await slot(page, 'reference').setInputFiles(file('ref.safetensors', reference));
      const alert = page.getByRole('alert');
      await expect
        .poll(() => alert.textContent())
        .toMatch(/^bad\.safetensors: expected a header size of 8 bytes, got a file of 3/);
      await slot(page, 'candidate').setInputFiles(file('b.safetensors', formatSafetensors({ other: array(1) })));
      await expect
        .poll(() => alert.textContent())
        .toMatch(/expected names of the reference, such as "dW", "db"; got "other"/);
      await slot(page, 'candidate').setInputFiles(file('c.safetensors', candidate));
      await report(page).waitFor();
      await drops(page, { 'x.png': new Uint8Array() });
      expect(await alert.textContent()).toBe('x.png: expected .mjs, .js, .py or .safetensors, got another file.');
      await drops(page, { 'exercise1.py': new TextEncoder().encode('dlogits = 1  # mine') });
      await page.locator('.cell-to-write', { hasText: '# mine' }).waitFor();
      expect(page.url()).toContain('#/write?exercise=notebook');
    });
  });
});

test('long names and lines stay within a narrow screen', async () => {
  const name = 'a'.repeat(200);
  const code = moduleOf(`${rightBackward} d.x = d.y;`)
    .replace("'of a test'", `'${name}'`)
    .replace('{ y, outputs', `{ y, ${name}: y.mul(1), outputs`);
  await opened(
    '#/proof',
    async (page) => {
      await proved(page, `console.log('${name}');\n${code}`);
      await report(page).getByText('Not right').waitFor();
      expect(await scrollsSideways(page)).toBe(false);
      expect(await violations(page)).toEqual([]);
      await proved(page, `throw new Error('${name}');`);
      await page.locator('.failed').waitFor();
      expect(await scrollsSideways(page)).toBe(false);
    },
    { viewport: { width: 360, height: 800 } },
  );
});
