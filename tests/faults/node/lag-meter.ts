const EVERY_MS = 50;

/** Tells when this process stood still for longer than a moment, and for how long. */
export const startLagMeter = (tell: (at: number, ms: number) => void): (() => void) => {
  let expectedAt = Date.now() + EVERY_MS;
  const timer = setInterval(() => {
    const at = Date.now();
    if (at - expectedAt > EVERY_MS) tell(at, at - expectedAt);
    expectedAt = at + EVERY_MS;
  }, EVERY_MS);
  return () => clearInterval(timer);
};
