// The page begins here.

import { render } from 'preact';
import { App } from './app.js';
import { keepOffline } from './offline/register.js';
import './style.css';

/** Whether the engine has the vectors that the core is made of: a function that makes one. */
const hasSimd = globalThis.WebAssembly?.validate?.(
  Uint8Array.of(
    0,
    97,
    115,
    109,
    1,
    0,
    0,
    0,
    1,
    5,
    1,
    96,
    0,
    1,
    123,
    3,
    2,
    1,
    0,
    10,
    10,
    1,
    8,
    0,
    65,
    0,
    253,
    15,
    253,
    98,
    11,
  ),
);

const place = document.getElementById('lab')!;
if (hasSimd) render(<App />, place);
else render(<Unsupported />, place);
keepOffline();

function Unsupported() {
  return (
    <main class="plain-page">
      <h1>This browser can't run the lab</h1>
      <p>
        The lab computes in WebAssembly with 128-bit vectors (SIMD), which is missing or switched off here. Chrome and
        Edge have it from version 91, Firefox from 89, Safari from 16.4.
      </p>
    </main>
  );
}
