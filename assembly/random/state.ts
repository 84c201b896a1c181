// What a generator keeps. `npm run abi` writes this file.

/** The state of MT19937. Its words stand behind it. */
@unmanaged export class State {
  index: u32; // of the next word; 624 when all are used
  kept: u32; // 1 if a normal number is kept, else 0
  normal: f64; // that number
}
