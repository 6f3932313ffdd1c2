/** Resolves when every promise that was pending has been followed to its end: nothing here waits for real time. */
export const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
