/** A value that tells when it is another one, as React's `useSyncExternalStore` reads it. */
export interface Value<Content> {
  read(): Content;
  set(content: Content): void;
  subscribe(listener: () => void): () => void;
}

export const createValue = <Content>(first: Content): Value<Content> => {
  let content = first;
  const listeners = new Set<() => void>();
  return {
    read: () => content,
    set: (next) => {
      if (next === content) return;
      content = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
