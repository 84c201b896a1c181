// Text that UTF-8 can't hold.

/** Whether `text` has half a surrogate pair, of which UTF-8 would make another character. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Cs}/u.test(text);
}
