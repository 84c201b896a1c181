// The module's ABI, from marks in its sources. `npm run abi`, which every build begins with, writes
//
//   assembly/exports.ts                        what the module exports
//   src/core/exports.ts                        the same as TypeScript sees it, from the declarations that asc makes
//   assembly/mlp/frame.ts, random/state.ts     structs that both sides know, from the descriptions in src/
//
// A function is exported where `@export` ends its comment:
//
//   function f()            as f
//   function f<T>()         once for each type, as f_f32 and f_f64
//   function f<T, Op>()     once for each type and each class that its file exports, as add_f32, add_f64, sub_f32, …
//
// A parameter that is a struct becomes an address. So a kernel is one function, and an operation one class, in one file.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Field } from '../src/core/struct.js';
import { frameStruct } from '../src/mlp/frame.js';
import { parameterNames, shapes } from '../src/mlp/layout.js';
import { examplesStruct } from '../src/mlp/trainer.js';
import { stateStruct } from '../src/random/mt19937.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const writer = '`npm run abi` writes this file.';

/** What is said of fields, which the descriptions in src/ leave out: bundles would carry it. */
const notes: Readonly<Record<string, string>> = {
  B: 'batch',
  T: 'context length',
  V: 'vocabulary',
  E: 'embedding width',
  H: 'hidden width',
  eps: 'of batch norm',
  rate: 'of the step that is being taken',
  ...Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, `[${shape.join(', ')}]`])),
  logit_argmaxes: 'i32 [B]: where each row of logits has its first maximum',
  scratch: '[max(B H, H V, T E H)], for values between two operations',
  workspace: 'of the fused pass, as many bytes as workspaceBytes says',
  rows: 'i32 [N, T + 1]: context and target side by side, so that drawing an example waits for memory once',
  state: "the generator's",
  indices: 'i32 [B]',
  index: 'of the next word; 624 when all are used',
  kept: '1 if a normal number is kept, else 0',
  normal: 'that number',
};

/** The files of structs: what each is for, and its classes. */
const structs: Readonly<Record<string, readonly [opening: string, ...StructClass[]]>> = {
  'mlp/frame.ts': [
    "The notebook's tensors in linear memory.",
    {
      name: 'Frame',
      about: [
        "Sizes, and the address of each tensor under the notebook's name; d<name> is the gradient of <name>. Xb and Yb are i32, the",
        'rest has the element type of the pass. A pass reads and writes those that it names, the addresses of the others may be 0.',
      ],
      fields: frameStruct.fields,
    },
    {
      name: 'Parameters',
      about: ['The addresses of the parameters, or of as many arrays of the same shapes.'],
      fields: frameStruct.fields.filter(([name]) => (parameterNames as readonly string[]).includes(name)),
    },
    { name: 'Examples', about: ['The examples to draw from.'], fields: examplesStruct.fields },
  ],
  'random/state.ts': [
    'What a generator keeps.',
    { name: 'State', about: ['The state of MT19937. Its words stand behind it.'], fields: stateStruct.fields },
  ],
};

interface StructClass {
  name: string;
  about: readonly string[];
  fields: readonly Field[];
}

/** The text of every file in assembly/, by its path. */
export function assemblyFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [path, [opening, ...classes]] of Object.entries(structs)) {
    files.set(`assembly/${path}`, `// ${opening} ${writer}\n${classes.map(structClass).join('')}`);
  }
  return files.set('assembly/exports.ts', assemblyExports());
}

/** The text of src/core/exports.ts, by its path: what asc declares of the files in assembly/. */
export function typeScriptFiles(): Map<string, string> {
  execFileSync(
    process.execPath,
    [createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js'), '--target', 'abi'],
    {
      cwd: root,
    },
  );
  return new Map([['src/core/exports.ts', typeScriptExports(readFileSync(`${root}build/abi/core.d.ts`, 'utf8'))]]);
}

function structClass({ name, about, fields }: StructClass): string {
  const comment = about.length === 1 ? `/** ${about[0]} */` : `/**\n${about.map((line) => ` * ${line}\n`).join('')} */`;
  const lines = fields.map(([field, type]) => `  ${field}: ${type};${field in notes ? ` // ${notes[field]}` : ''}\n`);
  return `\n${comment}\n@unmanaged export class ${name} {\n${lines.join('')}}\n`;
}

const marked = /@export\s*\*\/\nexport function (?<name>\w+)(?:<T(?<op>, \w+)?>)?\((?<given>[^)]*)\): (?<result>\w+)/g;

function assemblyExports(): string {
  const imports: string[] = [];
  const functions: string[] = [];
  const paths = readdirSync(`${root}assembly`, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !Object.hasOwn(structs, path));
  for (const path of [...Object.keys(structs), ...paths.sort()]) {
    const text = Object.hasOwn(structs, path) ? '' : readFileSync(`${root}assembly/${path}`, 'utf8');
    const found = [...text.matchAll(marked)].flatMap(({ groups }) => exportsOf(groups!, moduleOf(path), text));
    functions.push(...found);
    if (text === '' || found.length > 0) imports.push(`import * as ${moduleOf(path)} from './${path.slice(0, -3)}';\n`);
  }
  return `// What the module exports. ${writer}\n\n${imports.join('')}\n${functions.join('')}`;
}

/** The types that generic functions are exported for. */
const types = ['f32', 'f64'];

/** The exported instances of one marked function, of the file that has `text`. */
function exportsOf(
  { name, op, given, result }: Record<string, string | undefined>,
  module: string,
  text: string,
): string[] {
  const parameters = [...given!.matchAll(/(\w+): (\w+)/g)].map(([, parameter, type]) => {
    const struct = Object.keys(structs).find((path) =>
      structs[path]!.some((one) => (one as StructClass).name === type),
    );
    return struct === undefined
      ? { declared: `${parameter}: ${type}`, passed: parameter }
      : { declared: `${parameter}: usize`, passed: `changetype<${moduleOf(struct)}.${type}>(${parameter})` };
  });
  const declared = parameters.map((parameter) => parameter.declared).join(', ');
  const passed = parameters.map((parameter) => parameter.passed).join(', ');
  const instance = (exported: string, T: string, type: string) =>
    `export function ${exported}(${declared.replaceAll(/: T\b/g, `: ${type}`)}): ${result} ` +
    `{ ${result === 'void' ? '' : 'return '}${module}.${name}${T}(${passed}); }\n`;
  if (!new RegExp(`function ${name}<`).test(text)) return [instance(name!, '', '')];
  if (op === undefined) return types.map((type) => instance(`${name}_${type}`, `<${type}>`, type));
  return [...text.matchAll(/^@unmanaged export class (\w+)/gm)].flatMap(([, operation]) =>
    types.map((type) =>
      instance(
        `${operation![0]!.toLowerCase()}${operation!.slice(1)}_${type}`,
        `<${type}, ${module}.${operation}>`,
        type,
      ),
    ),
  );
}

/** The name that a file is imported under: its own, or its folder's. */
function moduleOf(path: string): string {
  return path.replace('/index.ts', '.ts').split('/').at(-1)!.slice(0, -3);
}

function typeScriptExports(declared: string): string {
  const functions = [...declared.matchAll(/export function (.*;)/g)].map(([, signature]) => `  ${signature}\n`);
  return `// What the module exports, as TypeScript sees it: pointers and sizes are numbers. ${writer}

// biome-ignore format: a line for each function.
export type Exports = {
${functions.join('')}};

/** The kernels of a floating-point type, without its suffix. */
export type Kernels = {
  [Name in keyof Exports as Name extends \`\${infer Kernel}_f32\` ? Kernel : never]: Exports[Name];
};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const files of [assemblyFiles, typeScriptFiles]) {
    for (const [path, text] of files()) writeFileSync(root + path, text);
  }
}
