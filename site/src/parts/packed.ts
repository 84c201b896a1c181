// Text in a link: deflated, in the letters that an address may have.

export async function packed(text: string): Promise<string> {
  const bytes = await through(new Blob([text]).stream(), new CompressionStream('deflate-raw'));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/**
 * What `read` makes of the text that `packed` has packed. Rejects for what is something else, with a sentence for the reader of the
 * link, and for what would unpack to more than a megabyte.
 */
export async function unpacked<Read>(letters: string, read: (text: string) => Read): Promise<Read> {
  try {
    return read(await textOf(letters));
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new TypeError('it is incomplete or damaged: copy the whole of it', { cause: error });
  }
}

async function textOf(letters: string): Promise<string> {
  const binary = atob(letters.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream();
  return new TextDecoder().decode(await through(stream, new DecompressionStream('deflate-raw')));
}

async function through(
  stream: ReadableStream,
  transform: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const parts: BlobPart[] = [];
  let size = 0;
  const reader = stream.pipeThrough(transform as ReadableWritablePair).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > 2 ** 20) throw new RangeError('link: expected at most a megabyte of text');
    parts.push(part.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
