/** Does `work` once for all who ask while it is under way; whoever asks afterwards has it done anew. */
export const oneAtATime = <Answer>(work: () => Promise<Answer>): (() => Promise<Answer>) => {
  let underWay: Promise<Answer> | null = null;
  return () =>
    (underWay ??= work().finally(() => {
      underWay = null;
    }));
};
