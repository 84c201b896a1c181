// Without the network, under a path, and from one build to the next.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright';
import { afterEach, describe, expect, test } from 'vitest';
import { serviceWorker } from '../../site/plugins/serviceWorker.js';
import { packed } from '../../site/src/parts/packed.js';
import { addressOf, serveSite } from '../../src/cli/siteServer.js';
import { opened, rooms, site } from './page.js';

type Files = ReadonlyMap<string, Uint8Array>;

const text = new TextDecoder();
const bytes = new TextEncoder();

/** The files of the build, without the worker. */
const built: Files = new Map(
  [...site]
    .filter(([path]) => !['/', '/sw.js'].includes(path))
    .map(([path, { bytes }]) => [path.slice(1), bytes] as const),
);

/** A build with its worker. */
const withWorker = (files: Files): Files => new Map([...files, ['sw.js', bytes.encode(serviceWorker(files))]]);

/** Another build: its page says which, and its scripts have other names. */
function version(name: string): Files {
  const scripts = [...built.keys()].flatMap((path) => /^assets\/(.*\.js)$/.exec(path)?.[1] ?? []);
  const names = new RegExp(scripts.map((script) => script.replaceAll('.', '\\.')).join('|'), 'g');
  const renamed = (from: string) => from.replaceAll(names, (script) => script.replace('.js', `.${name}.js`));
  const marked = (from: string) => from.replace('</head>', `<meta name="version" content="${name}"></head>`);
  const changed = [...built].map(([path, file]) => {
    const isText = /\.(js|html)$/.test(path);
    return [renamed(path), isText ? bytes.encode(marked(renamed(text.decode(file)))) : file] as const;
  });
  return withWorker(new Map(changed));
}

/** A host of static files as there are many: under a path, and without headers of its own. */
class Host {
  files: Files = new Map();
  /** Paths that no answer comes to. */
  lost: RegExp | null = null;
  /** What has been asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;

  constructor(
    readonly path: string,
    readonly name: string,
  ) {
    this.#server = createServer((request, response) => {
      this.asked.push(request.url!);
      if (this.lost?.test(request.url!)) return void request.socket.destroy();
      const { pathname } = new URL(request.url!, 'http://host');
      const name = pathname.slice(path.length) || 'index.html';
      const file = pathname.startsWith(path) ? this.files.get(name) : undefined;
      const types: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
      response.writeHead(file === undefined ? 404 : 200, {
        'Content-Type': types[name.split('.').at(-1)!] ?? 'application/octet-stream',
      });
      response.end(file);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `http://${this.name}:${this.port}${this.path}`;
  }

  /** Nothing listens any more. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let host: Host;
afterEach(() => host?.stop());

async function serving(files: Files, { path = '/', name = '127.0.0.1' } = {}): Promise<Host> {
  host = new Host(path, name);
  host.files = files;
  await host.start();
  return host;
}

/** Waits until the page's service worker is in charge. */
const kept = (page: Page) =>
  page.waitForFunction(() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null));
const cachesOf = (page: Page) => page.evaluate(() => caches.keys());
/** Waits until a further build is kept, and its worker in charge. */
const renewed = (page: Page) =>
  expect
    .poll(async () => {
      const [{ length }, isActive] = await Promise.all([
        cachesOf(page),
        page.evaluate(async () => {
          const { installing, waiting, active } = (await navigator.serviceWorker.getRegistration())!;
          return installing === null && waiting === null && active?.state === 'activated';
        }),
      ]);
      return isActive && length === 2;
    })
    .toBe(true);
const versionOf = (page: Page) =>
  page.evaluate(() => document.querySelector<HTMLMetaElement>('meta[name=version]')?.content);
const allowed = { serviceWorkers: 'allow', offline: true } as const;

/** What has to be seen of a room. */
const shown: Record<(typeof rooms)[number], string> = {
  understand: '.node',
  write: 'h1',
  train: 'main p',
  proof: 'main p',
};

describe('offline', () => {
  test.each(['/', '/handgrad/'])('all rooms work after the first visit, under %s', async (path) => {
    const { address } = await serving(withWorker(built), { path });
    await opened(
      '#/understand',
      async (page) => {
        await page.waitForSelector('.node');
        await kept(page);
        await host.stop();
        // The page that is open goes on, rooms that it has not loaded yet included.
        for (const room of rooms) {
          await page.click(`nav a[href^="#/${room}"]`);
          await page.waitForSelector(shown[room]);
        }
        await page.reload();
        for (const room of rooms) {
          await page.goto(`${address}#/${room}`);
          await page.waitForSelector(shown[room]);
        }
        // The word list is there too.
        await page.goto(`${address}#/understand?batch=8`);
        await expect.poll(() => page.locator('.minibatch summary').textContent()).toContain('8 examples');
      },
      { ...allowed, at: address },
    );
  });

  test('what handgrad lab has served keeps its headers', async () => {
    const server = await serveSite(site, 0);
    await opened(
      '#/understand',
      async (page) => {
        await page.waitForSelector('.node');
        await kept(page);
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await page.reload();
        await page.waitForSelector('.node');
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
        const policy = await page.evaluate(async () => (await fetch('./')).headers.get('Content-Security-Policy'));
        expect(policy).toContain("default-src 'self'");
      },
      { ...allowed, at: addressOf(server) },
    );
  });
});

describe('under a path', () => {
  test('everything is asked for below it', async () => {
    const { address, asked } = await serving(withWorker(built), { path: '/some/where/' });
    await opened(
      '#/understand?batch=8',
      async (page) => {
        await page.waitForSelector('.node');
        await kept(page);
        expect(asked.filter((url) => !url.startsWith('/some/where/'))).toEqual([]);
        expect(asked.length).toBeGreaterThan(10);
        const [name] = await cachesOf(page);
        expect(name).toContain(address);
      },
      { ...allowed, at: address },
    );
  });
});

describe('where a service worker is refused', () => {
  test('the page works without', async () => {
    await opened('#/understand', (page) => page.waitForSelector('.node').then(() => {}), {
      serviceWorkers: 'allow',
      before: () => {
        Object.defineProperty(navigator, 'serviceWorker', {
          get() {
            throw new DOMException('refused', 'SecurityError');
          },
        });
      },
    });
  });

  test('a build that is not complete is not kept', async () => {
    const files = new Map(withWorker(built));
    files.set('icon.svg', bytes.encode('<svg xmlns="http://www.w3.org/2000/svg"/>'));
    const { address, asked } = await serving(files);
    await opened(
      '#/understand',
      async (page) => {
        await page.waitForSelector('.node');
        await expect.poll(() => asked.filter((url) => url === '/icon.svg').length).toBeGreaterThan(0);
        await expect
          .poll(() => page.evaluate(() => navigator.serviceWorker.getRegistration().then(Boolean)))
          .toBe(false);
        expect(await cachesOf(page)).toEqual([]);
      },
      { serviceWorkers: 'allow', at: address, offline: true },
    );
  });
});

describe('from one build to the next', () => {
  /** A name that browsers trust as they do https, and that is not this machine's own. */
  const name = 'lab.localhost';

  test('the page is of the newest build that is complete, and what it loads is of its own', async () => {
    const { address, asked } = await serving(version('one'), { name });
    await opened(
      '#/understand',
      async (page) => {
        await kept(page);
        const [one] = await cachesOf(page);
        expect(await versionOf(page)).toBe('one');

        const two = version('two');
        const incomplete = new Map(two);
        incomplete.delete('icon.svg');
        host.files = incomplete;
        await page.reload();
        await expect.poll(() => asked.filter((url) => url === '/icon.svg').length).toBeGreaterThan(1);
        await expect.poll(() => cachesOf(page)).toEqual([one]);
        await page.reload();
        expect(await versionOf(page)).toBe('one');

        host.files = two;
        await page.reload();
        expect(await versionOf(page)).toBe('one');
        await renewed(page);
        // The host has the rooms of the first build no more.
        await page.click('nav a[href^="#/write"]');
        await page.waitForSelector('.write h1');
        await page.reload();
        expect(await versionOf(page)).toBe('two');

        host.files = version('three');
        await page.reload();
        await expect.poll(async () => (await cachesOf(page)).includes(one!)).toBe(false);
        await page.reload();
        expect(await versionOf(page)).toBe('three');
        expect(await cachesOf(page)).toHaveLength(2);
      },
      { ...allowed, at: address },
    );
  });

  test('at a port of this machine a newer lab is seen at once', async () => {
    const { address } = await serving(version('one'));
    await opened(
      '#/understand',
      async (page) => {
        await kept(page);
        host.files = version('two');
        await page.reload();
        expect(await versionOf(page)).toBe('two');
        await renewed(page);
        await host.stop();
        await page.reload();
        expect(await versionOf(page)).toBe('two');
      },
      { ...allowed, at: address },
    );
  });

  test('and another program that listens there later is let through', async () => {
    const { address } = await serving(version('one'));
    await opened(
      '#/understand',
      async (page) => {
        await kept(page);
        host.files = new Map([['index.html', bytes.encode('<!doctype html><title>x</title><h1>Another program</h1>')]]);
        await page.goto(`${address}?again`);
        expect(await page.textContent('h1')).toBe('Another program');
        await expect.poll(() => cachesOf(page)).toEqual([]);
        await page.reload();
        expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBe(null);
      },
      { ...allowed, at: address },
    );
  });
});

describe('what cannot be loaded', () => {
  /** Opens the page, where no service worker keeps it. */
  const without = async (lost: RegExp | null, hash: string, use: (page: Page) => Promise<void>) => {
    const { address } = await serving(built);
    host.lost = lost;
    await opened(hash, use, { offline: true, at: address });
  };
  const complaint = (page: Page) => page.locator('main [role=alert]').filter({ hasText: 'could not be loaded' });
  /** Sees the complaint, and goes on with the network there again. */
  const triedAgain = async (page: Page) => {
    await complaint(page).first().waitFor();
    host.lost = null;
    await complaint(page).first().getByRole('button', { name: 'Try again' }).click();
  };

  test('a room: it says so and is there at the next try, and what was written stays', async () => {
    await without(null, '#/write?cell=dlogprobs', async (page) => {
      await page.getByLabel('Python for dlogprobs').click();
      await page.keyboard.insertText('dlogprobs = 1');
      host.lost = /\.js$/;
      await page.click('nav a[href^="#/proof"]');
      await triedAgain(page);
      await page.getByRole('heading', { name: 'Prove a backward pass' }).waitFor();
      await page.click('nav a[href^="#/write"]');
      await expect.poll(() => page.getByLabel('Python for dlogprobs').textContent()).toBe('dlogprobs = 1');
    });
  });

  test.each([
    [/derivations-/, '#/understand?node=h', 'text=Where dh comes from'],
    [/fused-/, '#/understand', 'text=In one expression'],
    [/terms-/, '#/understand?node=W2&cell=130', 'text=terms make it'],
    [/worker-/, '#/understand?node=h', 'text=largest magnitude'],
    [/notebook-/, '#/understand?node=h', 'text=largest magnitude'],
    [/worker-/, '#/write', 'text=next: dlogprobs'],
    [/judge-/, '#/write', 'text=next: dlogprobs'],
    [/strict-/, '#/write', 'text=next: dlogprobs'],
    [/download-/, '#/write', 'text=next: dlogprobs'],
    [/names-/, '#/write', 'text=next: dlogprobs'],
    [/performance-/, '#/train', 'text=one thread'],
    [/chainLayout-/, '#/proof', '.chain svg'],
  ])('%s of %s', async (lost, hash, shown) => {
    await without(lost, hash, async (page) => {
      await triedAgain(page);
      await page.locator(shown).first().waitFor({ state: 'attached' });
      await expect.poll(() => complaint(page).count()).toBe(0);
    });
  });

  test('a room, without a network: the page stays as it is', async () => {
    await without(null, '#/understand', async (page) => {
      await page.waitForSelector('.node');
      host.lost = /./;
      await page.click('nav a[href^="#/write"]');
      await complaint(page).waitFor();
      await complaint(page).getByRole('button', { name: 'Try again' }).click();
      await page.waitForTimeout(300);
      expect(await complaint(page).textContent()).toContain('with what you have written');
    });
  });

  test('beside a module that came by a link: the page, which alone has that, stays', async () => {
    const code = `export default {
      inputs: (hg) => ({ x: hg.randn([4], { requiresGrad: true }) }),
      forward: ({ x }) => ({ y: x.tanh(), loss: x.tanh().sum() }),
      backward: (t, d, hg) => { d.x = hg.onesLike(t.x).sub(t.y.pow(2)); },
    };`;
    await without(/chainLayout-/, `#/proof?code=${await packed(JSON.stringify({ code }))}`, async (page) => {
      await page.evaluate(() => Object.assign(globalThis, { isSame: true }));
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await triedAgain(page);
      await page.waitForTimeout(500);
      expect(await complaint(page).textContent()).toContain('Save what you have here');
      expect(await page.evaluate(() => 'isSame' in globalThis)).toBe(true);
      expect(await page.locator('.cm-content').first().textContent()).toContain('hg.randn([4]');
    });
  });

  test.each([/trainWorker-/, /download-/, /names-/])('%s of the room that trains', async (lost) => {
    await without(lost, '#/train', async (page) => {
      await complaint(page).waitFor();
      host.lost = null;
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('parameters').first().waitFor();
      await expect.poll(() => complaint(page).count()).toBe(0);
    });
  });
});
