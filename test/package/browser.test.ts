// The package as installed, in a real browser: from source by an import map, and through bundlers, under a content security policy
// that lets nothing in but the site's own files.

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { type Browser, chromium } from 'playwright';
import { createServer, build as vite } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import webpack from 'webpack';
import { findBrowser } from '../support/browser.js';
import { expectRight } from './environment.js';
import { policy, serve } from './server.js';

const project = inject('project');
const found = await findBrowser();

/** What a page printed, up to the first line with a brace. Throws for errors other than `expected`, and for requests elsewhere. */
async function printed(browser: Browser, url: string, expected = /^$/): Promise<string[]> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const lines: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const fail = (message: string) => reject(new Error(`${message}; printed before: ${lines.join(' | ')}`));
      setTimeout(fail, 50_000, 'the page did not finish').unref();
      context.on('request', (request) => {
        if (new URL(request.url()).host !== new URL(url).host) fail(`a request to ${request.url()}`);
      });
      page.on('pageerror', ({ message }) => fail(message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !expected.test(message.text())) fail(message.text());
        if (message.type() !== 'log') return;
        lines.push(message.text());
        if (message.text().startsWith('{')) resolve();
      });
      page.goto(url).catch(reject);
    });
    return lines;
  } finally {
    await context.close();
  }
}

/** A folder of the project with a page and the probe's words. */
function site(name: string, head: string): string {
  const folder = join(project, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), `<!doctype html><meta charset="utf-8"><title>handgrad</title>${head}`);
  copyFileSync(join(project, 'names.txt'), join(folder, 'names.txt'));
  return folder;
}

describe.skipIf(found === undefined)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch(found!.launchOptions);
  });
  afterAll(() => browser?.close());

  /** Opens the page of a folder. */
  async function expectRightIn(name: string, folder: string, contentSecurityPolicy = policy()): Promise<void> {
    const { server, url } = await serve(folder, contentSecurityPolicy);
    try {
      expectRight({ name: `Chromium, ${name}`, version: found!.version }, await printed(browser, url));
    } finally {
      server.close();
    }
  }

  test('the page of a policy is held to it', async () => {
    const folder = site('violation', "<script>console.log('{}')</script>");
    const { server, url } = await serve(folder, policy());
    await expect(printed(browser, url)).rejects.toThrow(/Content Security Policy/);
    server.close();
  });

  test('a request to another host is seen', async () => {
    const folder = site('elsewhere', '<script type="module" src="main.js"></script>');
    writeFileSync(join(folder, 'main.js'), "await fetch('http://localhost:1/').catch(() => {});");
    const { server, url } = await serve(folder, "default-src * 'unsafe-inline'");
    await expect(printed(browser, url)).rejects.toThrow('a request to http://localhost:1/');
    server.close();
  });

  const map = JSON.stringify({
    imports: {
      handgrad: '/node_modules/handgrad/dist/index.js',
      '@assemblyscript/loader': '/node_modules/@assemblyscript/loader/index.js',
    },
  });

  test('a page with an import map', async () => {
    site('.', `<script type="importmap">${map}</script><script type="module" src="main.js"></script>`);
    await expectRightIn('import map', project, policy(map));
  });

  test('a policy without WebAssembly is a PolicyError that says what to add', async () => {
    site('.', `<script type="importmap">${map}</script><script type="module" src="refused.js"></script>`);
    const code =
      "import { init } from 'handgrad'; await init().catch(({ name, message }) => console.log({ name, message }));";
    writeFileSync(join(project, 'refused.js'), code);
    const { server, url } = await serve(project, policy(map).replace(" 'wasm-unsafe-eval'", ''));
    const [line] = await printed(browser, url, /Content Security Policy/);
    expect(line).toMatch(/^{name: PolicyError, message: .*add 'wasm-unsafe-eval' to script-src/);
    server.close();
  });

  test('esbuild, on a page and in a module worker', async () => {
    const folder = site('esbuild', '<script type="module" src="main.js"></script>');
    const entryPoints = [join(project, 'main.js')];
    await esbuild({ entryPoints, bundle: true, minify: true, splitting: true, format: 'esm', outdir: folder });
    await expectRightIn('esbuild', folder);
    site('esbuild', '<script type="module" src="page.js"></script>');
    writeFileSync(join(folder, 'page.js'), "new Worker('main.js', { type: 'module' });");
    await expectRightIn('module worker', folder);
  });

  test('Vite, built and served', async () => {
    const root = site('vite', '<script type="module" src="/main.js"></script>');
    for (const name of ['main.js', 'example.js', 'probe.js']) copyFileSync(join(project, name), join(root, name));
    const common = { root, configFile: false, logLevel: 'error' } as const;
    await vite({ ...common, build: { outDir: 'built' } });
    copyFileSync(join(root, 'names.txt'), join(root, 'built/names.txt'));
    await expectRightIn('Vite, built', join(root, 'built'));

    const server = await createServer({
      ...common,
      server: { host: '127.0.0.1', headers: { 'Content-Security-Policy': policy() } },
    });
    try {
      await server.listen();
      const url = server.resolvedUrls!.local[0]!;
      expect((await fetch(url)).headers.get('Content-Security-Policy')).toBe(policy());
      const lines = await printed(browser, url);
      expectRight({ name: 'Chromium, Vite, served', version: found!.version }, lines);
    } finally {
      await server.close();
    }
  });

  test('webpack', async () => {
    const folder = site('webpack', '<script defer src="main.js"></script>');
    const compiler = webpack({
      mode: 'production',
      context: project,
      entry: './main.js',
      output: { path: folder },
      performance: false,
    })!;
    const stats = await new Promise<webpack.Stats>((resolve, reject) =>
      compiler.run((error, stats) => (stats === undefined ? reject(error) : resolve(stats))),
    );
    expect(stats.toJson({ all: false, errors: true, warnings: true })).toMatchObject({ errors: [], warnings: [] });
    await expectRightIn('webpack', folder);
  });
});
