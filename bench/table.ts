// Markdown tables, and numbers in them.

/** Three significant digits, or all digits before the point. */
export function digits(value: number): string {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(decimals).replace(/\B(?=(\d{3})+(?!\d|.*\.\d))/g, value >= 1000 ? ',' : '');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
