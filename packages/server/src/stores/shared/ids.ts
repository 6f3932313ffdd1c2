/** Between the fields of a stored text; no id holds one once it is encoded. */
export const FIELD = '\u001f';
/** Between the items of a list within a field. */
export const ITEM = '\u001e';

const ESCAPE = '\u001d';
/** The first code unit behind all that are written as they are. */
const BEYOND = '\ue000';

// From strings, because a pattern with control characters is a mistake nearly everywhere else.
const SPECIAL_UNITS = `[${ESCAPE}-${FIELD}\ud800-\uffff]`;
const SPECIAL = new RegExp(SPECIAL_UNITS);
const EVERY_SPECIAL = new RegExp(SPECIAL_UNITS, 'g');
const ESCAPED = new RegExp(`${ESCAPE}([!-#])|${BEYOND}([\u0100-\u01ff])([\u0100-\u01ff])`, 'g');

const escaped = (unit: string): string => {
  const code = unit.charCodeAt(0);
  return code < 0x20
    ? ESCAPE + String.fromCharCode(code + 4)
    : BEYOND + String.fromCharCode(0x100 + (code >> 8), 0x100 + (code & 0xff));
};

const unescaped = (_: string, low?: string, high?: string, rest?: string): string =>
  low === undefined
    ? String.fromCharCode(((high!.charCodeAt(0) & 0xff) << 8) | (rest!.charCodeAt(0) & 0xff))
    : String.fromCharCode(low.charCodeAt(0) - 4);

/**
 * An id as it is stored: without separators, and in bytes whose order is that of the id's UTF-16
 * code units. Ids of letters, digits and punctuation stay as they are.
 */
export const encodeId = (id: string): string =>
  SPECIAL.test(id) ? id.replaceAll(EVERY_SPECIAL, escaped) : id;

export const decodeId = (text: string): string =>
  SPECIAL.test(text) ? text.replaceAll(ESCAPED, unescaped) : text;
