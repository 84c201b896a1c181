// How a path or an address reads in a message.

import { escapeControls } from './show.js';

const longest = 1000;

/**
 * A path or an address on one line, not longer than a thousand characters, without secrets: of an address, the password is left
 * out, a user alone, which may be a token, and the query.
 */
export function sourceName(source: string | URL): string {
  const text = withoutSecrets(String(source));
  return escapeControls(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

function withoutSecrets(text: string): string {
  if (!/^\s*[a-z][a-z\d+.-]+:/i.test(text)) return text;
  if (/^\s*data:/i.test(text)) return 'data URL';
  try {
    const { protocol, username, password, host, pathname, search } = new URL(text);
    if (host === '') return text;
    const user = password !== '' ? `${username}:***@` : username !== '' ? '***@' : '';
    return `${protocol}//${user}${host}${pathname}${search && '?***'}`;
  } catch {
    // What is in front of the last @ may be a user and a password.
    return text.replace(/^(\s*[a-z\d+.-]+:[\\/]*).*@/is, '$1***@');
  }
}
