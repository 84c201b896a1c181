import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './test/support/browser.js';
import { browserRooms } from './test/support/browserRooms.js';

const browser = await findBrowser();

const common = { setupFiles: ['test/support/toBeAllclose.ts'], testTimeout: 60_000 };

const inNode = {
  test: { ...common, name: 'node', include: ['test/**/*.test.ts'], exclude: ['test/{package,site}/**'] },
};

/** The package as installed, from a tarball. */
const ofPackage = {
  test: {
    name: 'package',
    include: ['test/package/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: 'test/package/setup.ts',
    testTimeout: 60_000,
  },
};

/** The built lab, in a browser that the tests drive from Node. */
const ofSite = {
  test: { ...common, name: 'site', include: ['test/site/**/*.test.ts'], expect: { poll: { timeout: 15_000 } } },
};

const inBrowser = () => ({
  server: {
    // crossOriginIsolated, in the page and its workers.
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
  optimizeDeps: { include: ['@assemblyscript/loader', '@lezer/python', 'fast-check'] },
  test: {
    ...common,
    name: 'browser',
    include: [`test/{${browserRooms}}/**/*.test.ts`],
    exclude: ['**/*.node.test.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: browser!.launchOptions }),
      instances: [{ browser: 'chromium' as const }],
    },
  },
});

export default defineConfig({
  // As many files at once as there are processors: most tests wait for a program or a browser of their own.
  test: { maxWorkers: '100%', projects: [inNode, ofPackage, ...(browser === undefined ? [] : [inBrowser(), ofSite])] },
});
