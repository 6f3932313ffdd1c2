// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text that moves no cursor: ids, messages and sources are whatever users typed. */
export const plain = (text: string): string => text.replaceAll(CONTROL, '\ufffd');

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The same for JSON, which escapes only some of them by itself. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replaceAll(CONTROL, escaped);
