/** Rooms whose tests run in Node and in a browser alike, but for the files named *.node.test.ts. */
export const browserRooms = [
  'base',
  'core',
  'kernels',
  'tensor',
  'random',
  'compare',
  'data',
  'mlp',
  'train',
  'proof',
  'lesson',
  'browser',
];
