const KEY = 'presence-admin-token';

/** A token for applications whose login is a header and not a cookie. This tab keeps it until it is closed. */
export interface Token {
  readonly fetch: typeof fetch;
  set(token: string): void;
}

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export const createToken = (storage: Kept, request: typeof fetch): Token => ({
  fetch: (input, init) => {
    const token = storage.getItem(KEY);
    if (token === null) return request(input, init);
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return request(input, { ...init, headers });
  },
  set: (token) => {
    if (token === '') storage.removeItem(KEY);
    else storage.setItem(KEY, token.replace(/^Bearer /i, ''));
  },
});
