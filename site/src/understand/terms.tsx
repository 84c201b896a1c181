export function Terms(_: { notebook: unknown; name: string; side: string; index: readonly number[] }) {
  return null;
}
