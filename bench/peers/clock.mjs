// A stopwatch that does not count waiting for a processor that something else uses.

/** Starts; call the result for the seconds since then, by the wall clock or by the processor's, whichever says less. */
export function stopwatch() {
  const start = performance.now();
  const used = process.cpuUsage();
  return () => {
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(used);
    return Math.min(wall / 1e3, (user + system) / 1e6);
  };
}
