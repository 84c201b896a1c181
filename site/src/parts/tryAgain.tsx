// What could not be done, and a button for another try.

export function TryAgain({ text, again }: { text: string; again(): void }) {
  return (
    <p class="complaint" role="alert">
      {text}{' '}
      <button type="button" onClick={again}>
        Try again
      </button>
    </p>
  );
}
