// The worker in the sandboxed frame: imports the module that somebody wrote, and carries out its proofs. What it can reach is
// limited by the policy of the frame, not by anything here.

import * as handgrad from 'handgrad';
import * as kernels from 'handgrad/kernels';
import * as proving from 'handgrad/proof';
import { captureConsole } from './printed.js';
import type { Answer, Count, Failure, Imported, Piece, Task } from './protocol.js';

const libraries: Readonly<Record<string, object>> = {
  handgrad,
  'handgrad/kernels': kernels,
  'handgrad/proof': proving,
};

/** Reports that are sent; of further ones it is counted whether they are right. */
const mostReports = 20;

self.onmessage = ({ data, ports }: MessageEvent<Task>) => {
  self.onmessage = null;
  const port = ports[0]!;
  // Bound now, so that the module can't get between.
  const send: (answer: Answer) => void = port.postMessage.bind(port);
  void carryOut(data, send);
};

async function carryOut(task: Task, send: (answer: Answer) => void): Promise<void> {
  let url = '';
  try {
    const hg = await handgrad.init();
    captureConsole((text) => send({ kind: 'printed', text }));
    closeOtherWays();
    const missing = task.pieces.flatMap((piece) => (typeof piece === 'string' ? [] : missingNames(piece)));
    if (missing.length > 0) return send({ kind: 'failed', failure: missing[0]! });
    url = urlOf(task.pieces.map(textOf).join(''));
    send({ kind: 'started' });
    const proofs = await proving.proofsOf(await import(/* @vite-ignore */ url));
    send({ kind: 'done', count: prove(hg, proofs, task, send) });
  } catch (error) {
    send({ kind: 'failed', failure: failureOf(error, url) });
  }
}

/** Leaves the port as the one way out; a flood of messages that nobody reads would fill the memory of the frame. */
function closeOtherWays(): void {
  for (const owner of [self, Object.getPrototypeOf(self)]) {
    if (Object.hasOwn(owner, 'postMessage')) Object.defineProperty(owner, 'postMessage', { value: undefined });
  }
  // Frames below the library's own are wanted too, to find the line.
  Error.stackTraceLimit = 100;
  self.onunhandledrejection = (event) => {
    console.error('A promise was rejected and nothing waited for it:', event.reason);
    event.preventDefault();
  };
}

function prove(
  hg: handgrad.Handgrad,
  proofs: Awaited<ReturnType<typeof proving.proofsOf>>,
  { dtype, seed: first, repeat }: Task,
  send: (answer: Answer) => void,
): Count {
  let [done, right, sent] = [0, 0, 0];
  for (let run = 0; run < repeat; run++) {
    const seed = (first + run) % 2 ** 32;
    for (const proof of proofs) {
      const report = proving.prove(hg, proof, { dtype, seed });
      done++;
      if (report.ok) right++;
      if ((run === 0 || !report.ok) && sent < mostReports) {
        sent++;
        send({ kind: 'judged', judged: { seed, report: { ...report } } });
      }
      if (repeat > 1) send({ kind: 'count', count: { done, right } });
    }
  }
  return { done, right };
}

/** What an import asks of a library that this does not have. */
function missingNames({ library, names }: Imported): Failure[] {
  const absent = names.filter(({ name }) => !Object.hasOwn(libraries[library]!, name));
  return absent.map(({ name, line }) => {
    const owner = Object.keys(libraries).find((one) => Object.hasOwn(libraries[one]!, name));
    const hint = owner === undefined ? '' : `, which '${owner}' exports`;
    const message = `import: expected a name that '${library}' exports, got ${name}${hint}`;
    return { name: 'SyntaxError', message, line, column: null };
  });
}

const textOf = (piece: Piece) => (typeof piece === 'string' ? piece : JSON.stringify(libraryUrl(piece.library)));

/** A module that exports what the library that is here exports, for there must be no second one. */
function libraryUrl(name: string): string {
  const key = Symbol.for(name);
  Object.defineProperty(globalThis, key, { value: libraries[name] });
  const exported = Object.keys(libraries[name]!).map((key) => `export const ${key} = library.${key};`);
  return urlOf(`const library = globalThis[Symbol.for(${JSON.stringify(name)})];\n${exported.join('\n')}`);
}

const urlOf = (code: string) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));

/** What was thrown, and where in the module at `url`. */
function failureOf(error: unknown, url: string): Failure {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: `expected no error, got ${String(error)} thrown`, line: null, column: null };
  }
  const stack = String(error.stack ?? '');
  const at = url === '' ? -1 : stack.indexOf(`${url}:`);
  const place = at < 0 ? null : /^(\d+):(\d+)/.exec(stack.slice(at + url.length + 1));
  // Firefox and Safari have the place of a syntax error in members of their own.
  const {
    lineNumber,
    columnNumber,
    line = lineNumber,
    column = columnNumber,
  } = error as unknown as Readonly<Record<string, unknown>>;
  const number = (value: unknown) => (typeof value === 'number' && value > 0 ? value : null);
  return {
    name: String(error.name),
    message: String(error.message),
    line: place ? Number(place[1]) : number(line),
    column: place ? Number(place[2]) : number(column),
  };
}
