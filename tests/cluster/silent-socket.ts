/** A link whose machine went to sleep: it says nothing more, hears nothing, and does not close. */
export interface SilentSocket {
  /** Resolves when the server closed it. */
  readonly closed: Promise<void>;
}

/** Signs in at a server as somebody who will neither answer nor come back. */
export const openSilentSocket = async (
  presenceUrl: string,
  userId: string,
): Promise<SilentSocket> => {
  const answer = await fetch(`${presenceUrl}/ticket`, { method: 'POST' });
  const { ticket } = (await answer.json()) as { ticket: string };
  const socket = new WebSocket(`${presenceUrl.replace(/^http/, 'ws')}/socket`);
  const closed = new Promise<void>((resolve) =>
    socket.addEventListener('close', () => resolve(), { once: true }),
  );
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ type: 'hello', protocol: 1, ticket }));
    });
    socket.addEventListener('message', ({ data }) => {
      if (String(data).includes('"welcome"')) resolve();
    });
    socket.addEventListener('close', () => reject(new Error(`${userId} was not let in.`)));
  });
  return { closed };
};
