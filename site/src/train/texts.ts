// Numbers and times as this room writes them.

/** A whole number in groups of three digits. */
export const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Four decimals, as the lecture prints losses. */
export const lossText = (loss: number): string => (Number.isNaN(loss) ? '–' : loss.toFixed(4));

/** How long some seconds are. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** How long ago a time was, in milliseconds since 1970. */
export function ago(time: number): string {
  const seconds = (Date.now() - time) / 1000;
  if (seconds < 10) return 'just now';
  return seconds < 86_400 ? `${duration(seconds)} ago` : `on ${new Date(time).toLocaleDateString()}`;
}
