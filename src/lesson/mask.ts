// Tensors of bools.

import type { Tensor } from '../tensor/tensor.js';

/** A tensor of bools, which stand in an int32 tensor of zeros and ones. */
export class Mask {
  readonly tensor: Tensor;

  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }

  get shape(): readonly number[] {
    return this.tensor.shape;
  }

  get size(): number {
    return this.tensor.size;
  }

  item(): boolean {
    return this.tensor.item() !== 0;
  }

  all(): boolean {
    return this.tensor.data.every((bit) => bit !== 0);
  }

  any(): boolean {
    return this.tensor.data.some((bit) => bit !== 0);
  }
}
