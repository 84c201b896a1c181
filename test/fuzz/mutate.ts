// Changes to the bytes of a file, and to the header of a safetensors file.

import { readFileSync } from 'node:fs';
import type { Random } from './random.js';

/** A file of the corpus. */
export function corpus(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`./corpus/${name}`, import.meta.url)));
}

const interesting = [
  0, 1, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x2e, 0x30, 0x39, 0x5c, 0x7b, 0x7d, 0x7f, 0x80, 0xc2, 0xef, 0xff,
];

/** `bytes` with one to a few changes. */
export function mutated(
  bytes: Uint8Array,
  random: Random,
  others: readonly Uint8Array[] = [bytes],
): Uint8Array<ArrayBuffer> {
  let list = [...bytes];
  for (let times = random.chance(0.6) ? 1 : random.between(2, 8); times > 0; times--) {
    const at = random.below(list.length + 1);
    const length = random.chance(0.5) ? random.between(1, 4) : random.below(list.length + 1);
    switch (random.below(9)) {
      case 0:
        if (at < list.length) list[at]! ^= 1 << random.below(8);
        break;
      case 1:
        if (at < list.length) list[at] = random.pick(interesting);
        break;
      case 2:
        if (at < list.length) list[at] = random.below(256);
        break;
      case 3:
        list.splice(at, 0, ...random.list(random.between(1, 4), () => random.pick(interesting)));
        break;
      case 4:
        list.splice(at, length);
        break;
      case 5:
        list.splice(at, 0, ...list.slice(0, 400).slice(at % 200, (at % 200) + length));
        break;
      case 6:
        list.length = at;
        break;
      case 7: {
        const other = random.pick(others);
        const from = random.below(other.length);
        list = [...list.slice(0, at), ...other.subarray(from, from + length)];
        break;
      }
      default:
        list.fill(random.pick(interesting), at, at + Math.min(length, 16));
    }
  }
  return Uint8Array.from(list);
}

const texts = [
  '',
  '0',
  '1',
  '-1',
  '1.5',
  '1e3',
  '00',
  'NaN',
  'Infinity',
  '4294967296',
  '9007199254740993',
  '1e999',
  'null',
  'true',
  '"x"',
  '[]',
  '{}',
  '[0]',
  '[0,0]',
  '[1,2,3]',
  '"F32"',
  '"F64"',
  '"I32"',
  '"I64"',
  '"BF16"',
  '"F16"',
  '"\\ud800"',
  '"\\u0000\\u001b[31m"',
  '"__proto__"',
  '"__metadata__"',
  '"constructor"',
  '"toString"',
  `${'['.repeat(3000)}`,
];

/** A safetensors file with a part of its header's JSON replaced, and sometimes bytes of its tensors. */
export function mutatedHeader(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  let header = new TextDecoder().decode(bytes.subarray(8, 8 + size));
  for (let times = random.chance(0.6) ? 1 : random.between(2, 5); times > 0; times--) {
    const tokens = [...header.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.e+-]*|[[\]{},:]/g)];
    const values = tokens.filter(([text]) => !/^[[\]{},:]$/.test(text));
    if (values.length === 0) break;
    const token = random.pick(random.chance(0.9) ? values : tokens);
    const [start, end] = [token.index, token.index + token[0].length];
    const replacement = otherToken(token[0], header[end] === ':', values, random);
    const choice = random.below(25);
    if (choice === 0) header = header.slice(0, start) + header.slice(end);
    else if (choice === 1) header = header.slice(0, end) + token[0] + header.slice(end);
    else header = header.slice(0, start) + replacement + header.slice(end);
  }
  const text = new TextEncoder().encode(header);
  const rest = bytes.slice(8 + size);
  if (random.chance(0.2) && rest.length > 0) rest[random.below(rest.length)] = random.pick(interesting);
  const out = new Uint8Array(8 + text.length + rest.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  out.set(rest, 8 + text.length);
  return out;
}

/** What stands in place of a part of a header: most often something that the format allows there. */
function otherToken(token: string, isKey: boolean, values: readonly RegExpMatchArray[], random: Random): string {
  if (random.chance(0.1)) return random.pick(texts);
  const others = values.map(([text]) => text).filter((text) => (text[0] === '"') === (token[0] === '"'));
  if (random.chance(0.4)) return random.pick(others);
  const near = (text: string) => String(Number(text) + random.pick([-8, -4, -1, 1, 4, 8]));
  if (token[0] !== '"')
    return random.chance(0.5) ? near(token) : random.pick(texts.filter((text) => /^-?\d/.test(text)));
  const inside = token.slice(1, -1);
  if (!isKey && inside !== '' && !Number.isNaN(Number(inside))) {
    return `"${random.chance(0.5) ? near(inside) : random.pick(texts.filter((text) => /^[-\dNI]/.test(text)))}"`;
  }
  if (random.chance(0.4)) return random.pick(texts.filter((text) => text[0] === '"'));
  const at = random.below(inside.length + 1);
  return `"${inside.slice(0, at)}${random.pick(['', 'a', 'z', '.', ' ', '0', '\\n', '\\u0000', 'é', '💡'])}${inside.slice(at + random.below(2))}"`;
}
