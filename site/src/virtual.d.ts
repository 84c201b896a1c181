// Modules that the build makes (site/plugins/), and files of which the build gives the address.

declare module 'virtual:first-minibatch' {
  export const firstMinibatch: import('./lab/protocol.js').FirstMinibatch;
}

declare module 'virtual:performance' {
  export const performance: import('./train/performance.js').Performance;
}

declare module '*.txt?url' {
  const url: string;
  export default url;
}

declare module '*.css';

declare module 'virtual:typeset/derivations' {
  export const derivations: typeof import('./content/derivations.js').derivations;
}

declare module 'virtual:proof-examples' {
  export const texts: Readonly<Record<'first' | 'attention' | 'crossEntropy' | 'layerNorm', string>>;
}

declare module 'virtual:typeset/fused' {
  export const fusedForms: typeof import('./content/fused.js').fusedForms;
}

interface ImportMeta {
  /** What Vite says of the build. */
  readonly env: { readonly PROD: boolean };
}
