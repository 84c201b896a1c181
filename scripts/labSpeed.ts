// What the lab loads and how soon it answers, how fast it trains beside Node on the same machine, and how many frames a second its page
// draws meanwhile, as a list in Markdown. Both train in turn, a moment each, so that what else the machine does falls on both. After
// `npm run site:build`: npx tsx scripts/labSpeed.ts

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright';
import { readSite, type Site } from '../src/cli/site.js';
import { addressOf, serveSite } from '../src/cli/siteServer.js';
import { buildDataset, init, loadWords, type Session, split, Vocabulary } from '../src/index.js';
import { findBrowser } from '../test/support/browser.js';

const rounds = 40;
const milliseconds = 700;

const root = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The page's default training, in Node. */
async function sessionInNode(): Promise<Session> {
  const hg = await init();
  const words = await loadWords(root('names.txt'));
  const vocabulary = new Vocabulary(words);
  hg.pythonRandom(42).shuffle(words);
  const { train, dev } = split(words);
  const generator = hg.generator().manualSeed(2147483647);
  const bnGenerator = hg.generator().manualSeed(42);
  const model = hg.createModel({ vocabSize: vocabulary.size, hidden: 200, generator, bnGenerator });
  const [dataset, held] = [train, dev].map((part) => buildDataset(part, vocabulary, 3));
  return model.session({ dataset: dataset!, dev: held!, vocabulary, generator, steps: 10_000_000 });
}

/** Steps a second of a moment in Node, by the clock. */
async function inNode(session: Session): Promise<number> {
  const [first, start] = [session.stepCount, performance.now()];
  for await (const { step } of session) {
    const passed = performance.now() - start;
    if (passed > milliseconds) return (1000 * (step - first)) / passed;
  }
  throw new Error('The training in Node has ended.');
}

/** Steps and frames a second of a moment in the page, by the clock. */
async function inPage(page: Page): Promise<{ stepsPerSecond: number; framesPerSecond: number }> {
  await page.getByRole('button', { name: /^(Start|Continue)$/ }).click();
  const moment = await page.evaluate(async (milliseconds) => {
    const step = () => Number(document.querySelector('.transport dd')!.textContent!.split('/')[0]!.replaceAll(',', ''));
    const frame = () => new Promise<number>(requestAnimationFrame);
    const changed = async (from: number) => {
      while (step() === from) await frame();
    };
    await changed(step());
    const [first, start] = [step(), performance.now()];
    let frames = 0;
    while (performance.now() - start < milliseconds) {
      await frame();
      frames++;
    }
    const seconds = (performance.now() - start) / 1000;
    await changed(step());
    const total = (performance.now() - start) / 1000;
    return { stepsPerSecond: (step() - first) / total, framesPerSecond: frames / seconds };
  }, milliseconds);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused ·').waitFor();
  return moment;
}

/** The first view of a fresh browser: bytes, gzipped, and milliseconds until the graph is there. Then what the room Write adds. */
async function firstView(browser: Browser, site: Site, address: string) {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const loaded = new Set<string>();
  context.on('request', (request) => loaded.add(new URL(request.url()).pathname));
  const bytes = () =>
    [...loaded]
      .filter((path) => !path.endsWith('.txt'))
      .reduce((sum, path) => sum + gzipSync(site.get(path)!.bytes).length, 0);
  const start = performance.now();
  await page.goto(address);
  await page.locator('.node').first().waitFor();
  const milliseconds = performance.now() - start;
  const first = bytes();
  await page.goto(`${address}#/write`);
  await page.locator('.cm-content').first().waitFor();
  const editor = bytes() - first;
  await context.close();
  return { milliseconds, first, editor };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const site = readSite(root('dist-site'));
const server = await serveSite(site, 0);
const found = await findBrowser();
if (found === undefined) throw new Error('There is no browser.');
const browser = await chromium.launch(found.launchOptions);
try {
  const views = [];
  for (let i = 0; i < 9; i++) views.push(await firstView(browser, site, addressOf(server)));
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} KB`;
  console.log(
    `- The first view, the core and its worker among it: ${kilobytes(views[0]!.first)} gzipped; the graph with its values is there after ${median(views.map(({ milliseconds }) => milliseconds)).toFixed(0)} ms.`,
  );
  console.log(`- The editor’s room: ${kilobytes(views[0]!.editor)} more, gzipped, without the word list.`);
  const page = await browser.newPage({ locale: 'en-US' });
  // tsx names functions by a helper, which the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.goto(`${addressOf(server)}#/train?steps=10000000`);
  await page.locator('.names li').first().waitFor();
  const session = await sessionInNode();
  const measured: { node: number; page: number; frames: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const node = await inNode(session);
    const { stepsPerSecond, framesPerSecond } = await inPage(page);
    // The first round warms both up.
    if (round > 0) measured.push({ node, page: stepsPerSecond, frames: framesPerSecond });
  }
  const all = (name: keyof (typeof measured)[0]) => measured.map((round) => round[name]);
  // Where something else uses the processors, the best rounds are those that it disturbed least.
  const line = (what: string, speeds: readonly number[]) =>
    `- ${what}: ${(1e6 / median(speeds)).toFixed(1)} µs a step, ${(1e6 / Math.max(...speeds)).toFixed(1)} in the best round.`;
  console.log(line(`Node ${process.versions.node}`, all('node')));
  console.log(line(`Chromium ${found.version}, the page's worker`, all('page')));
  const ratio = median(measured.map(({ node, page }) => node / page));
  const ofBest = Math.max(...all('node')) / Math.max(...all('page'));
  console.log(`- The page's time beside Node's: ${ratio.toFixed(2)}, of the best rounds ${ofBest.toFixed(2)}.`);
  console.log(
    `- Frames while it trains: ${median(all('frames')).toFixed(1)} a second, ${Math.max(...all('frames')).toFixed(1)} in the best round.`,
  );
} finally {
  await browser.close();
  server.close();
}
