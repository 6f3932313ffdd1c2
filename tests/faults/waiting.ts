const LOOK_MS = 100;

/** Real time goes by: leases of real processes end in it. */
export const pass = (ms: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, ms));

/** Resolves when `why` has no objection any more. */
export const until = async (
  why: () => string | null | Promise<string | null>,
  withinMs: number,
): Promise<void> => {
  const end = performance.now() + withinMs;
  for (;;) {
    const objection = await why();
    if (objection === null) return;
    if (performance.now() > end) {
      throw new Error(`[presence/tests] Still not so after ${withinMs} ms: ${objection}.`);
    }
    await pass(LOOK_MS);
  }
};
