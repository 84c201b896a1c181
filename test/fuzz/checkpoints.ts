// Mutated model files: loading one gives a model that is saved so that it loads the same, or a FormatError, and leaves memory as it
// was; the commands that read one end as they should.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Handgrad } from '../../src/index.js';
import { Finding, type Target, type World } from './harness.js';
import { newHandle } from './library.js';
import { corpus, mutated, mutatedHeader } from './mutate.js';
import { commandText, run, wrongEnd } from './processes.js';
import type { Random } from './random.js';
import { fileText, notOfFormat } from './safetensors.js';

export const checkpointsTarget: Target = {
  name: 'checkpoints',
  runs: 20_000,
  quick: 600,
  together: 1000,
  patience: 60,
  open: async () => new Checkpoints(await newHandle()),
};

const files = ['model', 'double', 'checkpoint'].map((name) => corpus(`${name}.safetensors`));
const words = fileURLToPath(new URL('./corpus/words.txt', import.meta.url));
/** The share of files that the command line is given too. */
const byCommand = 0.004;

class Checkpoints implements World {
  readonly #hg: Handgrad;

  constructor(hg: Handgrad) {
    this.#hg = hg;
  }

  run(random: Random): void | Promise<void> {
    const file = random.pick(files);
    const bytes = random.chance(0.7) ? mutatedHeader(file, random) : mutated(file, random, files);
    this.#load(bytes, random);
    return random.chance(byCommand) ? command(bytes, random) : undefined;
  }

  #load(bytes: Uint8Array, random: Random): void {
    const hg = this.#hg;
    const wrong = (what: string) => new Finding(`loadModel ${what}`, `hg.loadModel(${fileText(bytes)}, 'file')`);
    const before = hg.usedBytes;
    hg.scope(() => {
      let loaded: ReturnType<Handgrad['loadModel']>;
      try {
        loaded = hg.loadModel(bytes, 'file');
      } catch (error) {
        const what = notOfFormat(error);
        if (what !== undefined) throw wrong(what);
        return;
      }
      const save = ({ model, vocabulary, statistics, extra }: typeof loaded) =>
        model.save({ vocabulary, statistics, extra });
      try {
        const saved = save(loaded);
        const again = save(hg.loadModel(saved, 'again'));
        if (Buffer.compare(saved, again) !== 0) throw wrong('gives a model that is saved otherwise each time');
        const { model, vocabulary, statistics } = loaded;
        if (statistics !== undefined && model.sizes.V * model.sizes.H < 1000) {
          const generator = hg.generator().manualSeed(1);
          model.sample({ statistics, vocabulary, generator, count: 1, maxLength: 3, temperature: random.below(2) });
          generator.dispose();
        }
      } catch (error) {
        throw error instanceof Finding ? error : wrong(`gives a model of which a use throws ${error}`.slice(0, 140));
      }
    });
    if (hg.usedBytes !== before) throw wrong('leaves memory in use');
  }
}

/** A command that reads the file: it ends with a documented code and reason, and changes nothing but its output. */
async function command(bytes: Uint8Array, random: Random): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'handgrad-fuzz-'));
  try {
    const path = join(folder, 'model.safetensors');
    writeFileSync(path, bytes);
    const args = random.pick([
      ['evaluate', path, '--names', words, '--json'],
      ['sample', path, '--count', '2', '--max-length', '4'],
      ['train', '--resume', path, '--names', words, '--steps', '300', '--out', join(folder, 'out.safetensors')],
    ]);
    const ended = await run(args);
    const wrong = wrongEnd(ended);
    const call = `${commandText(args)}\nmodel.safetensors: ${fileText(bytes)}\n${ended.stderr}`;
    if (wrong !== undefined) throw new Finding(`handgrad ${args[0]} ${wrong}`, call);
    if (Buffer.compare(readFileSync(path), bytes) !== 0)
      throw new Finding(`handgrad ${args[0]} changes its input`, call);
    const left = readdirSync(folder).filter((name) => name !== 'model.safetensors' && name !== 'out.safetensors');
    if (left.length > 0) throw new Finding(`handgrad ${args[0]} leaves a temporary file`, `${call}\n${left}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
