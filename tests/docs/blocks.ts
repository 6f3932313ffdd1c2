import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** One fenced code block of the documentation. */
export interface Block {
  /** `README.md:43`: where to look when it fails. */
  readonly at: string;
  readonly language: string;
  /** The word behind the language: what kind of program, or the type that a JSON text has. */
  readonly kind: string;
  readonly code: string;
}

const root = `${import.meta.dirname}/../../`;

const documents = (): readonly string[] => [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(`${root}examples`)
    .map((name) => `examples/${name}/README.md`)
    .filter((name) => existsSync(`${root}${name}`)),
];

const FENCE = /^( *)```(\w*) ?([\w -]*)\n([\s\S]*?)^ *```$/gm;

const blocksOf = (name: string): Block[] => {
  const text = readFileSync(`${root}${name}`, 'utf8');
  return [...text.matchAll(FENCE)].map((match) => {
    const [, indent = '', language = '', kind = '', code = ''] = match;
    const line = text.slice(0, match.index).split('\n').length;
    return {
      at: `${name}:${line}`,
      language,
      kind: kind.trim(),
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    };
  });
};

/** What a file is called that holds the block. */
export const fileNameOf = ({ at }: Block): string => at.replaceAll(/[^\w]/g, '-');

/** Every code block of every document. */
export const allBlocks = (): readonly Block[] => documents().flatMap(blocksOf);

export const documentText = (name: string): string => readFileSync(`${root}${name}`, 'utf8');
