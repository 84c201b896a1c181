// A real browser for the tests: CHROMIUM_BIN, or the Chromium of an npm package on Linux, or an installed Chrome.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type LaunchOptions } from 'playwright';

/** What starts a browser, and its version. */
export interface Browser {
  readonly launchOptions: LaunchOptions;
  readonly version: string;
}

/**
 * The first browser that starts. Without one undefined, and a line that says so; throws instead where HANDGRAD_REQUIRE_BROWSER
 * is 1.
 */
export async function findBrowser(): Promise<Browser | undefined> {
  const reasons: string[] = [];
  for (const options of candidates()) {
    try {
      const launchOptions = await options();
      const browser = await chromium.launch(launchOptions);
      const version = browser.version();
      await browser.close();
      return { launchOptions, version };
    } catch (error) {
      reasons.push((error as Error).message.split('\n')[0]!);
    }
  }
  const message = `no browser (${reasons.join('; ')}): set CHROMIUM_BIN to a Chromium or Chrome`;
  if (process.env.HANDGRAD_REQUIRE_BROWSER === '1') throw new Error(message);
  console.warn(`tests in a browser are skipped: ${message}`);
  return undefined;
}

function candidates(): (() => LaunchOptions | Promise<LaunchOptions>)[] {
  const { CHROMIUM_BIN } = process.env;
  if (CHROMIUM_BIN) return [() => ({ executablePath: CHROMIUM_BIN })];
  const installed = [() => ({ channel: 'chrome' }), () => ({})];
  return process.platform === 'linux' && process.arch === 'x64' ? [packaged, ...installed] : installed;
}

/** Chromium from @sparticuz/chromium, unpacked beside node_modules' other caches, with the libraries that it brings along. */
async function packaged(): Promise<LaunchOptions> {
  const folder = fileURLToPath(new URL('../../node_modules/.cache/chromium', import.meta.url));
  const complete = `${folder}/complete`;
  if (!existsSync(complete)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // It reads the first two when imported and unpacking, and sets the others, which are for the browser alone.
  const variables = ['TMPDIR', 'AWS_LAMBDA_JS_RUNTIME', 'FONTCONFIG_PATH', 'LD_LIBRARY_PATH'];
  const before = variables.map((name) => process.env[name]);
  try {
    process.env.TMPDIR = folder;
    process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x';
    const { default: packagedChromium } = await import('@sparticuz/chromium');
    const executablePath = await packagedChromium.executablePath();
    writeFileSync(`${folder}/fonts/fonts.conf`, fontsIn(`${folder}/fonts`, '/usr/share/fonts'));
    writeFileSync(complete, '');
    return { executablePath, env: { ...process.env } as Record<string, string> };
  } finally {
    variables.forEach((name, i) => {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    });
  }
}

/** The settings of fontconfig; those that come with the package name other folders, in which there are no fonts, so that no text shows. */
function fontsIn(...folders: readonly string[]): string {
  const dirs = [...folders.map((folder) => `<dir>${folder}</dir>`), '<cachedir prefix="xdg">fontconfig</cachedir>'];
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${dirs.join('')}</fontconfig>\n`;
}
