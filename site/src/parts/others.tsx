// Texts that other tabs have written in the same place: to be taken or dropped.

import type { SharedTexts } from '../sharedTexts.js';

/** The others of `name`, with what becomes of them. `take` writes one in the place of what is here. */
export function Others<Rest>({
  shared,
  name,
  take,
}: {
  shared: SharedTexts<Rest>;
  name: string;
  take(text: string): void;
}) {
  const others = shared.shown.value.others[name] ?? [];
  return (
    <>
      {others.map((text) => (
        <section class="other" aria-label="Written in another tab" key={text}>
          <p role="status">This was written here in another tab:</p>
          <pre>{text}</pre>
          <p class="actions">
            <button type="button" onClick={() => take(text)}>
              Take this instead
            </button>
            <button type="button" onClick={() => shared.drop(name, text)}>
              Drop this
            </button>
          </p>
        </section>
      ))}
    </>
  );
}
