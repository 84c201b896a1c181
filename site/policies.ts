// What each page may load and run: the one place from which the pages themselves and `handgrad lab` have it.

/** The content security policies of the pages, by file. Any other file, a worker's script among them, has that of index.html. */
export const policies: Readonly<Record<string, readonly string[]>> = {
  'index.html': [
    "default-src 'self'",
    // The core is WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ],
  // Where code of others runs: it loads nothing from anywhere.
  'sandbox.html': [
    "default-src 'none'",
    // Its own script is named by its hash in the page itself (plugins/sandbox.ts); blob: is what it makes out of text.
    "script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-scripts',
  ],
};
