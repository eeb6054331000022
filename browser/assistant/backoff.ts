/** How long to wait before the next try: 0.5 s, doubled each time up to 8 s, less up to half of it at random. */
export function delay(attempt: number, random = Math.random()): number {
  return Math.min(8_000, 500 * 2 ** Math.min(attempt, 10)) * (1 - random / 2);
}

/** Ends early when the browser is online again, and at once when the signal says so. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
