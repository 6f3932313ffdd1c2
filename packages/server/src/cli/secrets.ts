const HIDDEN = '***';

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The address without its login and its parameters, for people to read. */
export const addressOf = (url: string): string => {
  if (!URL.canParse(url)) return url.replace(/^(\w+:\/\/).*@/, '$1');
  const { protocol, host, pathname } = new URL(url);
  return host === '' ? `${protocol}${pathname}` : `${protocol}//${host}${pathname}`;
};

/** Whatever of a text would give a login away, as drivers put it into their messages. */
export const hideSecrets = (text: string, url: string | undefined): string => {
  const without = text.replaceAll(/(\w+:\/\/)[^\s/@]*:[^\s@]*@/g, `$1${HIDDEN}@`);
  if (url === undefined) return without;
  const login = /^\w+:\/\/[^:/@]*:(.*)@/.exec(url)?.[1] ?? '';
  const secrets = [login, decoded(login)].filter((secret) => secret.length > 2);
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), without);
};
