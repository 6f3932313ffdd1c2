/** How every route says no. */
export const refused = (message: string) => ({ error: { message } });
