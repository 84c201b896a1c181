// A text from an address, by `fetch`: bounded in size and in patience.

import { Collector } from './collector.js';

/** Bounds of a download. */
export interface Bounds {
  /** Bytes, after decompression. */
  readonly maxBytes: number;
  /** Milliseconds without a byte, those until the first one too. */
  readonly timeout: number;
}

/** Texts of markup or code. */
const noWords = ['text/html', 'text/xml', 'text/css', 'text/javascript', 'text/ecmascript'];

/**
 * The bytes of a text at `url`; or, for every status but 200, for a content type that is no text, and beyond the bounds, what came
 * instead of one. Throws what `fetch` throws.
 */
export async function download(url: URL, { maxBytes, timeout }: Bounds): Promise<Uint8Array | string> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), timeout);
  };
  try {
    wait();
    const response = await fetch(url, { signal: controller.signal });
    if (response.status !== 200) return `status ${response.status} ${response.statusText.slice(0, 60)}`.trimEnd();
    const type = response.headers.get('content-type') ?? '';
    if (!isText(type)) return `the content type ${JSON.stringify(type.slice(0, 60))}`;
    const received = new Collector();
    const reader = response.body?.getReader();
    for (;;) {
      wait();
      const piece = await reader?.read();
      if (piece?.value === undefined) return received.bytes;
      received.add(piece.value);
      if (received.length > maxBytes) return `more than ${maxBytes} bytes`;
    }
  } catch (error) {
    if (controller.signal.aborted) return `no byte for ${timeout} milliseconds`;
    throw error;
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

/** Whether a content type may be that of a word list: text that is no markup and no code, bytes of any kind, or none given. */
function isText(type: string): boolean {
  const kind = type.toLowerCase().split(';')[0]!.trim();
  if (/^text\/[\w.+-]+$/.test(kind)) return !noWords.includes(kind);
  return ['', 'application/octet-stream', 'binary/octet-stream', 'application/csv'].includes(kind);
}
