// What is said above everything else: a training to go on with, what happened, and what is not kept.

import { trouble } from './keeping.js';
import { failure, isElsewhere, notice, offered, resume, start } from './store.js';
import { ago, count } from './texts.js';

export function Offer() {
  const kept = offered.value;
  return (
    <>
      {kept && (
        <section class="card offer" aria-label="A saved training">
          <p>
            <b>
              Your last training stands at step {count(kept.step)} of {count(kept.settings.steps)}
            </b>
            , saved {ago(kept.savedAt)}.
            {isElsewhere(kept) && ' Another tab has it open; what you train here is saved apart.'}
          </p>
          <button type="button" class="main" onClick={() => void resume(kept).then(start)}>
            {isElsewhere(kept) ? 'Go on with a copy' : 'Resume'}
          </button>
        </section>
      )}
      {notice.value && (
        <p class="card" role="status">
          {notice.value}
        </p>
      )}
      {[failure.value, trouble.value].filter(Boolean).map((text) => (
        <p class="complaint" role="alert" key={text}>
          {text}
        </p>
      ))}
    </>
  );
}
