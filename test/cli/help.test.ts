import { expect, test } from 'vitest';
import { handgrad } from './run.js';

test.concurrent.each([
  [
    'notebook',
    ['--names', '--params', '--dump', '--shuffle-seed <integer> seed of', '(default: 456789096543)', '(default: 0)'],
  ],
  ['exercise', ['[folder]', '--watch', '--hint <gradient>', '--skip <gradients>', '(default: 60)']],
  ['train', ['--steps', '--lr', '--resume', '--checkpoint-every', '(default: 2147483647)', '(default: 200000)']],
  ['evaluate', ['<model.safetensors>', '--names', '--json']],
  ['compare', ['<candidate.safetensors>', '<reference.safetensors>', '--truth', '--map', '--only', '--json']],
  ['lab', ['--port <port>', '--no-open']],
  ['sample', ['<model.safetensors>', '--count', '--temperature', '(default: 2147483657)']],
] as const)('%s --help lists the options and their defaults', async (command, expected) => {
  const { code, stdout, stderr } = await handgrad(command, '--help');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const text of expected) expect(stdout.replace(/\s+/g, ' ')).toContain(text);
});

test.concurrent('a command that there is none of', async () => {
  expect(await handgrad('learn')).toMatchObject({ code: 2, stderr: expect.stringMatching(/unknown command 'learn'/) });
});
