// A text from an address, by `fetch`: bounded in size and in patience.

import { DatasetError } from '../base/errors.js';
import { escapeControls, show } from '../base/show.js';
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
 * The bytes of a text at `url`, which messages call `name`. Throws DatasetError for a password in the address, for every status
 * but 200, for a content type that is no text, and beyond the bounds.
 */
export async function download(url: URL, name: string, { maxBytes, timeout }: Bounds): Promise<Uint8Array> {
  const failed = (got: string, cause?: unknown) =>
    new DatasetError(`${name}: expected a word list, got ${got}`, { cause });
  if (url.username !== '' || url.password !== '') {
    throw new DatasetError(`${name}: expected an address without user and password, got one with them`);
  }
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(failed(`no byte for ${timeout} milliseconds`)), timeout);
  };
  try {
    wait();
    const response = await fetch(url, { signal: controller.signal });
    if (response.status !== 200)
      throw failed(escapeControls(`status ${response.status} ${response.statusText.slice(0, 60)}`.trimEnd()));
    const type = response.headers.get('content-type');
    if (!isText(type)) throw failed(`the content type ${show(type)}`);
    const received = new Collector();
    const reader = response.body?.getReader();
    for (;;) {
      wait();
      const piece = await reader?.read();
      if (piece?.value === undefined) return received.bytes;
      received.add(piece.value);
      if (received.length > maxBytes) throw failed(`more than ${maxBytes} bytes`);
    }
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    if (error instanceof DatasetError) throw error;
    const { message, cause } = error as Error;
    throw failed(show(cause instanceof Error ? cause.message : message), error);
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

/** Whether a content type may be that of a word list: text that is no markup and no code, bytes of any kind, or none given. */
function isText(type: string | null): boolean {
  const [kind] = (type ?? '').toLowerCase().split(';') as [string];
  if (/^text\/[\w.+-]+$/.test(kind.trim())) return !noWords.includes(kind.trim());
  return ['', 'application/octet-stream', 'binary/octet-stream', 'application/csv'].includes(kind.trim());
}
