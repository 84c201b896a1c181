export function stopwatch(): () => number;
