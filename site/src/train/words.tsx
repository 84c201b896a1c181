// The words that are learnt: the bundled ones, or a list of one's own.

import { useSignal } from '@preact/signals';
import { isPreparing, listFailure, prepared, takeList, useList } from './store.js';
import { count } from './texts.js';

/** Characters that are taken from a paste. */
const mostPasted = 5e6;

export function Words() {
  const text = useSignal('');
  const list = prepared.value?.list;
  const examples = prepared.value?.examples;

  function pasted(event: ClipboardEvent): void {
    const { length } = event.clipboardData?.getData('text') ?? '';
    if (length <= mostPasted) return;
    event.preventDefault();
    listFailure.value = `The paste has ${(length / 1e6).toFixed(1)} million characters: expected at most 5 million.`;
  }

  return (
    <section class="card" aria-labelledby="words">
      <h2 id="words">Words</h2>
      {list && examples && (
        <p>
          <b>{list.name}</b>: {count(list.count)} words, {prepared.value!.characters.length} characters,{' '}
          {count(examples.train)} examples to learn from.
        </p>
      )}
      <label class="stack">
        <span>Your own, one word a line, in any alphabet. They stay in this browser.</span>
        <textarea
          rows={4}
          value={text.value}
          spellcheck={false}
          onPaste={pasted}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </label>
      <div class="actions">
        <button
          type="button"
          disabled={isPreparing.value}
          onClick={() => void useList({ name: 'your words', text: text.value })}
        >
          Use these
        </button>
        <label class="file">
          <span>or a file, which can also be dropped here</span>
          <input
            type="file"
            accept=".txt,.csv,text/plain"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              currentTarget.value = '';
              if (file !== undefined) void takeList(file);
            }}
          />
        </label>
        {list?.isOwn && (
          <button type="button" onClick={() => void useList(null)}>
            Back to names.txt
          </button>
        )}
      </div>
      {listFailure.value && (
        <p class="complaint" role="alert">
          {listFailure.value}
        </p>
      )}
    </section>
  );
}
