// Opens the lab in a browser, as `handgrad lab` serves it, and sees that nothing is complained of and nobody else asked.

import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect } from 'vitest';
import { readSite, type Site } from '../../src/cli/site.js';
import { addressOf, serveSite } from '../../src/cli/siteServer.js';
import { findBrowser } from '../support/browser.js';
import { projectUrl } from '../support/fixture.js';

/** The rooms, by the names that their addresses have. */
export const rooms = ['understand', 'write', 'train', 'proof'] as const;

/** The built site. */
export const site: Site = readSite(fileURLToPath(projectUrl('dist-site')));

const { launchOptions } = (await findBrowser())!;
const axe = readFileSync(projectUrl('node_modules/axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let server: Server;
beforeAll(async () => {
  browser = await chromium.launch(launchOptions);
  server = await serveSite(site, 0);
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/** How a page is opened. */
export interface Options extends BrowserContextOptions {
  /** Where the site is; the test's server unless something else is given. */
  readonly at?: string;
  /** Runs in the page before any script of its own; an arrow function. */
  readonly before?: () => void;
  /** Whether the network is expected to fail, which the browser complains of. */
  readonly offline?: boolean;
}

/** The address of the lab that this file's tests are served. */
export const labAddress = (): string => addressOf(server);

/**
 * Opens a fresh page at `hash`, such as `#/write`, and lets `use` look at it once its room is there. Fails on anything that the
 * browser complains of, on errors of the page or its workers, on what its policy refuses, and on any request to another host.
 * Service workers are blocked, unless `serviceWorkers` allows them.
 *
 * @example
 * await opened('#/understand?node=h', async (page) => expect(await page.textContent('h2')).toContain('h'));
 */
export async function opened(
  hash: string,
  use: (page: Page, context: BrowserContext) => Promise<void>,
  { at = labAddress(), before, offline = false, ...options }: Options = {},
): Promise<void> {
  const context = await browser.newContext({ serviceWorkers: 'block', ...options });
  try {
    const complaints = watch(context, new URL(at).origin, offline);
    if (before !== undefined) await context.addInitScript(before);
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    await page.goto(at + hash);
    await page.waitForSelector('h1');
    await use(page, context);
    expect(await context.cookies()).toEqual([]);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

/** What is wrong with the pages of `context`, as it comes. */
function watch(context: BrowserContext, origin: string, offline: boolean): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => {
    const expected = offline && message.text().includes('net::ERR_');
    if (message.type() === 'error' && !expected) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) complaints.push(`a request to ${url}`);
  });
  return complaints;
}

/** What axe finds wrong with a page: the rule, and the elements. */
export async function violations(page: Page): Promise<string[]> {
  // Not as a script of the page, whose policy allows none but its own.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Result = { violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] };
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<Result> } }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

/** Waits until the page computes nothing and fetches nothing that it shows as pending. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !/Loading…|Computing…|Proving…/.test(document.body.innerText));
}

/** Whether the page is wider than its window. */
export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
