/** What a browser may refuse, by throwing: `undefined` where it does. */
export const quietly = <T>(task: () => T): T | undefined => {
  try {
    return task();
  } catch {
    return undefined;
  }
};
