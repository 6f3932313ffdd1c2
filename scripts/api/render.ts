// The description of the API as a page to be read.
import { fieldTable, kindOf, type Schema } from './tables.ts';

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
  readonly security?: readonly unknown[];
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const FRAMES: Readonly<Record<string, string>> = {
  ClientFrame: 'Frames of a client',
  ServerFrame: 'Frames of the server',
};

const HEAD = `# API

Made from the route table and the schemas by \`npm run build\`; change those. The same for machines:
[openapi.json](openapi.json), and \`GET /openapi.json\` of a server with \`openapi: true\`. How it all goes
together: [protocol](protocol.md). What each error means: [errors](errors.md).

Paths are below the mount. Routes without a login are marked; admin routes are there with \`admin: true\`.`;

const schemaOf = ({ content = {} }: Content): Schema | undefined =>
  Object.values(content)[0]?.schema;

const said = (content: Content | undefined): string => {
  const schema = content && schemaOf(content);
  return schema ? kindOf(schema) : '';
};

const isGood = (status: string): boolean => status.startsWith('2');

function route(path: string, method: string, operation: Operation): string {
  const { summary, parameters = [], requestBody, responses, security } = operation;
  const query = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
  const answers = Object.entries(responses).filter(([status]) => isGood(status));
  const refused = Object.entries(responses).filter(([status]) => !isGood(status));
  const lines = [
    query.length > 0 ? `- query: ${query.map((name) => `\`${name}\``).join(', ')}` : '',
    requestBody ? `- body: ${said(requestBody)}` : '',
    ...answers.map(([status, answer]) => `- ${status}: ${said(answer) || 'no body'}`),
    `- refused: ${refused.map(([status, { description }]) => `${status} ${description}`).join(' · ')}`,
  ];
  return [
    `### ${method.toUpperCase()} ${path}`,
    `${summary}${security ? ' Without a login.' : ''}`,
    lines.filter((line) => line !== '').join('\n'),
  ].join('\n\n');
}

/** Frames about one room have the types of those about users. */
const frameTitle = ({ properties = {} }: Schema): string => {
  const isOfRoom = properties['room'] !== undefined && properties['presences'] !== undefined;
  return `${String(properties['type']?.const)}${isOfRoom ? ' of a room' : ''}`;
};

const frames = (name: string, { anyOf = [], oneOf = anyOf }: Schema): string =>
  [
    `### ${name}`,
    ...oneOf.map((frame) => `#### ${frameTitle(frame)}\n\n${fieldTable(frame)}`),
  ].join('\n\n');

const message = (name: string, schema: Schema): string =>
  `### ${name}\n\n${schema.properties ? fieldTable(schema) : kindOf(schema)}`;

/** The page; the same for the same description. */
export function render({ paths, components }: ApiDocument): string {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => route(path, method, operation)),
  );
  const schemas = Object.entries(components.schemas);
  const parts = [
    HEAD,
    '## Routes',
    ...routes,
    '## Messages',
    ...schemas.filter(([name]) => !(name in FRAMES)).map(([name, schema]) => message(name, schema)),
    '## Frames of the socket',
    ...Object.keys(FRAMES).map((name) => frames(name, components.schemas[name] ?? {})),
  ];
  return `${parts.join('\n\n')}\n`;
}
