/** In words, or why there are none. */
export type Explained =
  | { readonly sentences: readonly string[]; readonly refused?: undefined }
  | { readonly sentences?: undefined; readonly refused: string };

const REFUSED: Readonly<Record<number, string>> = {
  401: 'Nobody is signed in.',
  403: 'You may not ask for it: it needs the right admin:users:read.',
  404: 'There is no such user, or this server has no admin routes.',
};

/** Asks the admin route of a server at `url`; `undefined` while it is not known how. */
export const explainer =
  (url: string, send: typeof fetch | undefined) =>
  async (userId: string): Promise<Explained> => {
    if (!send) return { refused: 'No client was made with this recording.' };
    try {
      const response = await send(`${url}/admin/users/${encodeURIComponent(userId)}`);
      if (!response.ok) {
        return { refused: REFUSED[response.status] ?? `The server answered ${response.status}.` };
      }
      const { explanation } = (await response.json()) as {
        readonly explanation: { readonly sentences: readonly string[] };
      };
      return { sentences: explanation.sentences };
    } catch (error) {
      return { refused: String(error) };
    }
  };
