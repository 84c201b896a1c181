// Values as text for a report: what a call was given.

const names = new WeakMap<object, string>();
const deepest = 4;
const longest = 12;

/** What reports call `value` from now on. Returns it. */
export function named<Value>(name: string, value: Value): Value {
  if (isObject(value)) names.set(value, name);
  return value;
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

export function say(value: unknown, depth = 0): string {
  try {
    return said(value, depth);
  } catch {
    return 'an object that cannot be looked at';
  }
}

function said(value: unknown, depth: number): string {
  if (typeof value === 'string') return shortened(JSON.stringify(value));
  if (typeof value === 'bigint') return shortened(`${value}n`);
  if (Object.is(value, -0)) return '-0';
  if (!isObject(value)) return String(value);
  const name = names.get(value);
  if (name !== undefined) return name;
  if (typeof value === 'function') return shortened(String(value).replace(/\s+/g, ' '));
  if (value instanceof Date || value instanceof RegExp) return String(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const list = value as unknown as ArrayLike<number | bigint>;
    return `${value.constructor.name}.of(${Array.from({ length: Math.min(list.length, longest) }, (_, i) => String(list[i])).join(', ')}${list.length > longest ? ', …' : ''})`;
  }
  if (depth === deepest) return '…';
  if (Array.isArray(value)) {
    const items = Array.from({ length: Math.min(value.length, longest) }, (_, i) =>
      i in value ? say(value[i], depth + 1) : '',
    );
    return `[${items.join(', ')}${value.length > longest ? ', …' : ''}${value.length === 1 && !(0 in value) ? ',' : ''}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  const kind = prototype === Object.prototype ? '' : prototype === null ? 'null ' : `${value.constructor?.name} `;
  const parts = Reflect.ownKeys(value)
    .slice(0, longest)
    .map((key) => {
      const { value: part, get } = Object.getOwnPropertyDescriptor(value, key)!;
      return `${String(key)}: ${get === undefined ? say(part, depth + 1) : 'a getter'}`;
    });
  return `${kind}{ ${parts.join(', ')} }`;
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
