// Links to what the reader has made.

import { type Address, formatAddress } from '../address.js';
import { packed } from './packed.js';

/** Puts a link to `to`, with `text` as the member `name` of its query, into the clipboard, or else shows it. Returns what to say. */
export async function share({ room, query }: Address, name: string, text: string): Promise<string> {
  try {
    const hash = formatAddress({ room, query: { ...query, [name]: await packed(text) } });
    const link = new URL(hash, location.href).href;
    const isCopied = await navigator.clipboard.writeText(link).then(
      () => true,
      () => false,
    );
    if (!isCopied) prompt('The link:', link);
    return isCopied ? 'The link is in the clipboard.' : '';
  } catch (error) {
    return `There is no link: ${(error as Error).message}`;
  }
}
