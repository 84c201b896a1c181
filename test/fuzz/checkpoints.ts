// Mutated model files: loading one gives a model that is saved so that it loads the same, or a FormatError, and leaves memory as it
// was; the commands that read one end as they should.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Handgrad, NdArray } from '../../src/index.js';
import { Finding, type Target, type World } from './harness.js';
import { library, newHandle } from './library.js';
import { corpus, mutated, mutatedHeader } from './mutate.js';
import { commandText, run, wrongEnd } from './processes.js';
import type { Random } from './random.js';
import { fileText, notOfFormat } from './safetensors.js';

export const checkpointsTarget: Target = {
  name: 'checkpoints',
  runs: 20_000,
  quick: 400,
  together: 1000,
  patience: 60,
  open: async () => new Checkpoints(await newHandle()),
};

const files = ['model', 'double', 'checkpoint'].map((name) => corpus(`${name}.safetensors`));
const words = fileURLToPath(new URL('./corpus/words.txt', import.meta.url));
/** The share of files that the command line is given too. */
const byCommand = 0.005;

class Checkpoints implements World {
  readonly #hg: Handgrad;

  constructor(hg: Handgrad) {
    this.#hg = hg;
  }

  run(random: Random): void | Promise<void> {
    const file = random.pick(files);
    const kind = random.below(10);
    const bytes =
      kind < 5 ? edited(file, random) : kind < 8 ? mutatedHeader(file, random) : mutated(file, random, files);
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
      const save = ({ model, ...rest }: typeof loaded) => model.save(rest);
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

const numbers = [Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 1e30, 2 ** 31 - 1];
const texts = [
  '',
  '0',
  '1',
  '-1',
  '2',
  '3',
  '1e-5',
  '1e3',
  '1.5',
  'NaN',
  'Infinity',
  '4294967296',
  'true',
  'float64',
  'stepwise',
  'x',
];

/** A file that is a safetensors file still, with other tensors and metadata. */
function edited(file: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = library.parseSafetensors(file);
  const arrays = new Map<string, NdArray>(tensors);
  const entries = new Map(Object.entries(metadata));
  for (let times = random.chance(0.7) ? 1 : random.between(2, 5); times > 0; times--) {
    const key = random.pick([...entries.keys(), 'extra']);
    const name = random.pick([...arrays.keys()]);
    const { dtype, shape, data } = arrays.get(name)!;
    switch (random.below(7)) {
      case 0:
        entries.delete(key);
        break;
      case 1:
      case 2:
        entries.set(key, random.pick([...texts, ...entries.values()]));
        break;
      case 3:
        if (arrays.size > 1) arrays.delete(name);
        break;
      case 4:
        arrays.set(name, { dtype, shape: random.chance(0.5) ? [...shape].reverse() : [1, ...shape], data });
        break;
      case 5: {
        const longer = random.chance(0.5);
        const values = longer ? [...data, ...data] : data.subarray(0, random.below(data.length + 1));
        arrays.set(name, { dtype: 'float64', shape: [values.length], data: Float64Array.from(values) });
        break;
      }
      default: {
        const copy = data.slice();
        if (copy.length > 0) copy[random.below(copy.length)] = random.pick(numbers);
        arrays.set(name, { dtype, shape, data: copy });
      }
    }
  }
  return library.formatSafetensors(arrays, Object.fromEntries(entries));
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
