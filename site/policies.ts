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
};
