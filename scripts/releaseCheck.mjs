// Everything that a publication needs, one line each, up to the first that fails; it publishes nothing. `npm run release:check`

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const run = (program, ...args) =>
  execFileSync(program, args, { cwd: fileURLToPath(root), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const expectNothing = (output) => {
  if (output !== '') throw new Error(`expected nothing, got\n${output}`);
};

const { version } = JSON.parse(read('package.json'));

const checks = {
  'nothing uncommitted': () => expectNothing(run('git', 'status', '--porcelain')),
  [`${version} is the newest version in CHANGELOG.md`]: () => {
    const newest = /^## \[(\d[^\]]*)\]/m.exec(read('CHANGELOG.md'))?.[1];
    if (newest !== version) throw new Error(`expected ${version}, got ${newest}`);
  },
  'nothing unreleased in CHANGELOG.md': () => {
    const unreleased = /^## \[Unreleased\]([\s\S]*?)^## \[/m.exec(read('CHANGELOG.md'))?.[1] ?? '';
    expectNothing(unreleased.trim());
  },
  'types, lint, format': () => run('npm', 'run', 'check'),
  'tests, in Node, in a browser and of the package': () => {
    process.env.HANDGRAD_REQUIRE_BROWSER = '1';
    run('npm', 'test');
  },
  sizes: () => run('npm', 'run', 'size'),
  'docs/api is up to date': () => {
    run('npm', 'run', 'docs');
    expectNothing(run('git', 'status', '--porcelain', 'docs/api'));
  },
  // Publishing builds it once more.
  'the tarball': () => run('npm', 'pack', '--dry-run', '--ignore-scripts'),
};

for (const [name, check] of Object.entries(checks)) {
  try {
    check();
    console.log(`ok      ${name}`);
  } catch (error) {
    console.error(`failed  ${name}\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
    process.exit(1);
  }
}
console.log(`handgrad ${version} is ready: npm publish`);
