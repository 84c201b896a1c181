// The browser's language, by a name that has a meaning.

/** Gives the language a name where the browser's has no meaning: uPlot formats numbers in it as soon as it is loaded, and would fail. */
export function nameLanguage(): void {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
  }
}
