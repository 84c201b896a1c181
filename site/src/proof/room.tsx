export function OwnProof() {
  return <p>…</p>;
}
