/** Adds one item to the next batch; resolves with that item's answer. */
export type Batched<Item, Answer> = (item: Item) => Promise<Answer>;

interface Waiting<Item, Answer> {
  readonly item: Item;
  resolve(answer: Answer | Promise<Answer>): void;
  reject(error: unknown): void;
}

/**
 * Gathers what one turn of the event loop asks for into one call, as stores like it: a batch costs
 * them a fraction of its items one by one.
 *
 * @param most items in one call; more make several calls
 * @param flush answers in the order of the items; what may fail alone is a promise
 */
export const batched = <Item, Answer>(
  most: number,
  flush: (items: readonly Item[]) => Promise<readonly (Answer | Promise<Answer>)[]>,
): Batched<Item, Answer> => {
  let waiting: Waiting<Item, Answer>[] = [];

  const send = async (batch: readonly Waiting<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await flush(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(answers[index]!));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  const sendAll = (): void => {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += most) {
      void send(all.length <= most ? all : all.slice(start, start + most));
    }
  };

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) queueMicrotask(sendAll);
      waiting.push({ item, resolve, reject });
    });
};
