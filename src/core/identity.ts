// Telling apart objects whose values stand in linear memory.

let last = 0;

/**
 * A number that no other object has. As an own property it makes comparisons that look at own properties, as deepStrictEqual and
 * toEqual do, find two objects different whose values they cannot see.
 */
export function identity(): number {
  return ++last;
}
