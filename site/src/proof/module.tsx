// A module in an editor, how it is proved, and what has come of it.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { address } from '../address.js';
import { complaintOf } from '../lab/settings.js';
import { Editor } from '../parts/editor.js';
import { Others } from '../parts/others.js';
import { save } from '../parts/save.js';
import { share } from '../parts/share.js';
import { notKept } from '../storage.js';
import { examples } from './examples.js';
import { takeFiles } from './files.js';
import { javascript } from './javascript.js';
import { packedWork, ranges, readFields } from './options.js';
import { Result } from './result.js';
import {
  before,
  cameByLink,
  code,
  enter,
  fields,
  isRunning,
  linkFailure,
  marks,
  putBack,
  run,
  setField,
  shared,
  start,
  stop,
  takeExample,
  takeFile,
  takeLink,
  write,
} from './store.js';

export function Module({ onComplaint }: { onComplaint(text: string): void }) {
  const { code: letters } = address.value.query;
  useEffect(enter, []);
  useEffect(() => {
    if (letters !== undefined) void takeLink(letters);
  }, [letters]);
  return (
    <div class="proof-columns">
      <section class="module" aria-label="Module">
        <Arrived />
        <Examples />
        <Editor
          language={javascript}
          label="The module to be proved, in JavaScript"
          value={code.value}
          marks={marks.value}
          onChange={write}
          onDone={() => !cameByLink.value && start()}
        />
        <Others shared={shared} name="code" take={takeFile} />
        <Others shared={shared} name="before" take={takeOther} />
        <Controls />
        <Files onComplaint={onComplaint} />
      </section>
      <section class="result" aria-label="Result">
        <Result />
      </section>
    </div>
  );
}

/** Takes a module that another tab had put aside. */
function takeOther(text: string): void {
  takeFile(text);
  shared.drop('before', text);
}

/** What is to be known of code that came by a link. */
function Arrived() {
  return (
    <>
      {cameByLink.value && (
        <p class="arrived" role="note">
          <b>This module came by a link{run.value === null && ' and has not run'}.</b> Read it, then press Run. It runs
          in a closed frame that reaches neither the network nor anything that this page keeps. A report is as honest as
          the code that it is about.
        </p>
      )}
      {[linkFailure.value, notKept.value].filter(Boolean).map((text) => (
        <p class="complaint" role="alert" key={text}>
          {text}
        </p>
      ))}
    </>
  );
}

function Examples() {
  const chosen = examples.findIndex((example) => example.code === code.value);
  return (
    <label class="field examples-of-proofs">
      Begin with
      <select
        value={String(chosen)}
        onChange={({ currentTarget }) => {
          const example = examples[Number(currentTarget.value)];
          if (example !== undefined) takeExample(example.code);
        }}
      >
        {chosen < 0 && <option value="-1">what you have here</option>}
        {examples.map(({ title }, i) => (
          <option value={String(i)} key={title}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Controls() {
  const read = readFields(fields.value);
  const complaints = 'complaints' in read ? read.complaints : [];
  return (
    <div>
      <div class="controls">
        <button type="button" class="primary" disabled={complaints.length > 0} onClick={start}>
          Run
        </button>
        <button type="button" disabled={!isRunning.value} onClick={stop}>
          Stop
        </button>
        <label class="field">
          dtype
          <select value={fields.value.dtype} onChange={({ currentTarget }) => setField('dtype', currentTarget.value)}>
            <option>float32</option>
            <option>float64</option>
          </select>
        </label>
        {(Object.keys(ranges) as (keyof typeof ranges)[]).map((name) => (
          <label class="field" key={name}>
            {ranges[name].symbol}
            <input
              inputMode="numeric"
              size={name === 'seed' ? 6 : 3}
              value={fields.value[name]}
              aria-invalid={complaintOf(ranges[name], fields.value[name]) !== null}
              onInput={({ currentTarget }) => setField(name, currentTarget.value)}
            />
          </label>
        ))}
      </div>
      {complaints.map((text) => (
        <p class="complaint" role="alert" key={text}>
          {text}
        </p>
      ))}
    </div>
  );
}

function Files({ onComplaint }: { onComplaint(text: string): void }) {
  const said = useSignal('');

  async function shareModule(): Promise<void> {
    const work = packedWork({ code: code.value, fields: fields.value, before: null });
    said.value = await share({ room: 'proof', query: {} }, 'code', work);
  }

  return (
    <p class="actions">
      <button type="button" onClick={() => void shareModule()}>
        Copy a link to this
      </button>
      <button type="button" onClick={() => save('proof.mjs', code.value, 'text/javascript')}>
        Save as proof.mjs
      </button>
      <label class="file-button">
        Open a file
        <input
          type="file"
          accept=".mjs,.js,.safetensors,.py"
          multiple
          onChange={async ({ currentTarget }) => {
            const files = [...(currentTarget.files ?? [])];
            currentTarget.value = '';
            onComplaint(await takeFiles(files));
          }}
        />
      </label>
      {before.value !== '' && (
        <button type="button" onClick={putBack}>
          Put back what was here
        </button>
      )}
      <span class="soft" aria-live="polite">
        {said.value || (cameByLink.value ? '' : 'Ctrl-Enter runs it.')}
      </span>
    </p>
  );
}
