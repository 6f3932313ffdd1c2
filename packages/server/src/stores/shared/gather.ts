/** What a call got: the answer of the batch that it travelled in, and where its items begin in it. */
export interface Gathered<Answer> {
  readonly answer: Answer;
  readonly from: number;
}

interface Waiting<Item, Answer> {
  readonly items: readonly Item[];
  resolve(gathered: Gathered<Answer>): void;
  reject(error: unknown): void;
}

interface GatherParts<Item, Answer> {
  /** Items in one batch; a call with more travels alone. */
  readonly most: number;
  /** Batches under way; what is asked for meanwhile waits and travels together. */
  readonly atOnce: number;
  send(items: readonly Item[]): Promise<Answer>;
}

/**
 * Lets calls travel together while others are under way: a quiet store is asked at once, a busy one
 * in large batches, which cost it a fraction of what their items would.
 */
export const createGather = <Item, Answer>({
  most,
  atOnce,
  send,
}: GatherParts<Item, Answer>): ((items: readonly Item[]) => Promise<Gathered<Answer>>) => {
  let waiting: Waiting<Item, Answer>[] = [];
  let underWay = 0;

  const take = (): Waiting<Item, Answer>[] => {
    let size = waiting[0]!.items.length;
    let calls = 1;
    for (; calls < waiting.length; calls += 1) {
      size += waiting[calls]!.items.length;
      if (size > most) break;
    }
    const taken = waiting.slice(0, calls);
    waiting = waiting.slice(calls);
    return taken;
  };

  const sendOne = async (calls: readonly Waiting<Item, Answer>[]): Promise<void> => {
    underWay += 1;
    try {
      const items = calls.length === 1 ? calls[0]!.items : calls.flatMap((call) => call.items);
      const answer = await send(items);
      let from = 0;
      for (const call of calls) {
        call.resolve({ answer, from });
        from += call.items.length;
      }
    } catch (error) {
      for (const { reject } of calls) reject(error);
    } finally {
      underWay -= 1;
      pump();
    }
  };

  const pump = (): void => {
    for (let free = atOnce - underWay; free > 0 && waiting.length > 0; free -= 1) {
      void sendOne(take());
    }
  };

  return (items) =>
    new Promise((resolve, reject) => {
      waiting.push({ items, resolve, reject });
      pump();
    });
};
