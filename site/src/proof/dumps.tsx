// Tensors that other programs have written, compared: two safetensors files, and a third in float64 that decides.

import { signal } from '@preact/signals';
import type { HtmlReport } from 'handgrad/report';
import { useEffect } from 'preact/hooks';
import { Lab } from '../lab/client.js';
import type { Dump } from '../lab/protocol.js';
import { TryAgain } from '../parts/tryAgain.js';
import { dumps, type Role, roles, setDump } from './files.js';
import { Report } from './report.js';

const about: Readonly<Record<Role, { readonly title: string; readonly text: string }>> = {
  candidate: { title: 'Candidate', text: 'what your program wrote' },
  reference: { title: 'Reference', text: 'what it is held against' },
  truth: { title: 'Truth', text: 'the same in float64, if you have it: it decides what is rounding' },
};

/** A worker of its own, which can be ended. */
const lab = new Lab();

const state = signal<{
  readonly phase: 'waiting' | 'comparing';
  readonly report: HtmlReport | null;
  readonly failure: string;
}>({ phase: 'waiting', report: null, failure: '' });

let turn = 0;

/** Compares the files that are chosen. */
async function compare(files: Readonly<Partial<Record<Role, File>>>): Promise<void> {
  const { candidate, reference, truth } = files;
  const mine = ++turn;
  lab.stop('stopped');
  if (candidate === undefined || reference === undefined) {
    state.value = { phase: 'waiting', report: null, failure: '' };
    return;
  }
  state.value = { phase: 'comparing', report: null, failure: '' };
  try {
    const input = {
      candidate: await read(candidate),
      reference: await read(reference),
      truth: truth && (await read(truth)),
    };
    if (mine !== turn) return;
    const report = await lab.ask('dumps', input);
    if (mine === turn) state.value = { phase: 'waiting', report, failure: '' };
  } catch (error) {
    if (mine === turn) state.value = { phase: 'waiting', report: null, failure: (error as Error).message };
  }
}

async function read(file: File): Promise<Dump> {
  try {
    return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch (error) {
    throw new Error(`${file.name}: expected a file that can be read, got ${(error as Error).message}`);
  }
}

export function Dumps() {
  const files = dumps.value;
  useEffect(() => {
    void compare(files);
  }, [files]);
  const { phase, report, failure } = state.value;
  return (
    <div class="dumps">
      <p class="lead">
        Choose two or three safetensors files, or drop them here. They are read in this tab. PyTorch writes them with{' '}
        <code>safetensors.torch.save_file</code>, and tensors are matched by name.
      </p>
      <div class="dump-files">
        {roles.map((role) => (
          <DumpFile role={role} file={files[role]} key={role} />
        ))}
      </div>
      <p role="status" class="soft">
        {phase === 'comparing' ? 'Comparing…' : ''}
      </p>
      {failure && <TryAgain text={failure} again={() => void compare(files)} />}
      {report && <Report report={report} />}
    </div>
  );
}

function DumpFile({ role, file }: { role: Role; file: File | undefined }) {
  const { title, text } = about[role];
  return (
    <div class="card dump-file">
      <h2>{title}</h2>
      <p class="soft">{text}</p>
      <p class="dump-name">{file === undefined ? 'no file' : `${file.name}, ${sizeOf(file.size)}`}</p>
      <p class="actions">
        <label class="file-button">
          Choose a file<span class="unseen"> for the {role}</span>
          <input
            type="file"
            accept=".safetensors"
            onChange={({ currentTarget }) => {
              const [given] = currentTarget.files ?? [];
              if (given !== undefined) setDump(role, given);
              currentTarget.value = '';
            }}
          />
        </label>
        {file !== undefined && (
          <button type="button" onClick={() => setDump(role, undefined)}>
            Remove<span class="unseen"> the {role}</span>
          </button>
        )}
      </p>
    </div>
  );
}

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 2 ** 20 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
