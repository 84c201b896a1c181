// The lab out of the installed package.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, inject, test } from 'vitest';

const handgrad = join(inject('project'), 'node_modules/handgrad');

test('handgrad lab serves every file that the package has of it', async () => {
  const child = spawn(process.execPath, [join(handgrad, 'dist/cli/main.js'), 'lab', '--no-open']);
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const address = String(line).trim();
    const folder = join(handgrad, 'dist-site');
    const names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .filter((name) => name !== 'policies.json');
    expect(names).toContain('index.html');
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      const response = await fetch(address + name);
      expect(response.status, name).toBe(200);
      const sent = Buffer.from(await response.arrayBuffer());
      expect(sent.equals(readFileSync(join(folder, name))), name).toBe(true);
    }
  } finally {
    child.kill();
  }
});
