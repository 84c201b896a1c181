export function Write() {
  return <p>…</p>;
}
