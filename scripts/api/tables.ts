// Tables of Markdown for JSON Schemas.

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const link = (ref: string): string => {
  const name = ref.slice(ref.lastIndexOf('/') + 1);
  return `[${name}](#${name.toLowerCase()})`;
};

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;

const range = (least: number | undefined, most: number | undefined, unit: string): string => {
  if (most === undefined)
    return least === undefined || least === 0 ? '' : `, at least ${least}${unit}`;
  return least === undefined || least === 0
    ? `, at most ${most}${unit}`
    : `, ${least} to ${most}${unit}`;
};

/** What a value may be, in a few words. */
export function kindOf(schema: Schema): string {
  if (schema.$ref) return link(schema.$ref);
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(kindOf).join(' or ');
  if (schema.prefixItems) return `[${schema.prefixItems.map(kindOf).join('; ')}]`;
  switch (schema.type) {
    case 'array':
      return `list of ${kindOf(schema.items ?? {})}${range(schema.minItems, schema.maxItems, ' of them')}`;
    case 'integer':
      return `whole number${range(schema.minimum, schema.maximum, '')}`;
    case 'string':
      return `text${range(schema.minLength, schema.maxLength, ' characters')}`;
    case 'object':
      return schema.properties ? `{ ${Object.keys(schema.properties).join(', ')} }` : 'object';
    default:
      return schema.type ?? 'anything';
  }
}

/** A row for each field. */
export function fieldTable({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(
    ([name, schema]) =>
      `| \`${name}\` | ${kindOf(schema)} | ${required.includes(name) ? 'always' : ''} |`,
  );
  return rows.length === 0
    ? 'No fields.'
    : ['| field | value | |', '|---|---|---|', ...rows].join('\n');
}
