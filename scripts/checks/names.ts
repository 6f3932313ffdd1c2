import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { internalNames } from '../internal-names.ts';
import { parseTree } from '../layering/parse.ts';
import { exportsOf, membersOf, type Tree } from '../layering/syntax.ts';
import { root } from '../root.mjs';

const client = 'packages/client/src';
const core = 'packages/core/src';

/** What leaves the package, to applications, servers, other tabs or another chunk: these declarations, or all of a file. */
const crossing: Readonly<Record<string, readonly string[] | undefined>> = {
  [`${client}/types.ts`]: undefined,
  [`${client}/load.ts`]: undefined,
  [`${client}/facts.ts`]: undefined,
  [`${client}/demand.ts`]: ['Demand'],
  [`${client}/context.ts`]: ['Goodbye'],
  [`${client}/tabs/messages.ts`]: undefined,
  [`${client}/transports/failures.ts`]: ['Failure'],
  [`${client}/testing/scripted-server.ts`]: ['ScriptedServer', 'ScriptedRequest', 'Refusal'],
  [`${client}/testing/virtual-network.ts`]: ['Network'],
  [`${client}/testing/virtual-browser.ts`]: [
    'VirtualBrowser',
    'VirtualBrowserOptions',
    'VirtualTab',
  ],
  [`${core}/clock.ts`]: undefined,
  [`${core}/errors.ts`]: undefined,
  [`${core}/project.ts`]: undefined,
  [`${core}/protocol/messages.ts`]: undefined,
};

/** Files that are loaded when they are needed: whoever loads one takes its exports by their names. */
const loaded = [
  'commands.ts',
  'online.ts',
  'rooms.ts',
  'tabs/sharing.ts',
  'transports/fallback.ts',
];

// prettier-ignore
const platform = [
  Object, Function, Array, Map, Set, String, Number, Promise, Error, RegExp, EventTarget, MessageEvent, WebSocket,
  BroadcastChannel, AbortController, AbortSignal, Response, Headers, URL, TextEncoder, TextDecoder, WritableStream,
];

/** Strings have a `link` that makes HTML of the nineties: nobody calls it. */
const neverCalled = ['link'];

/** The build shortens no name that somebody outside the client package says as well, and none that nobody says. */
export function checkNames(): void {
  const taken = new Set([
    ...Object.entries(crossing).flatMap(([file, names]) => membersOf(treeOf(file), names)),
    ...loaded.flatMap((file) => exportsOf(treeOf(`${client}/${file}`))),
    ...[JSON, Math, globalThis].flatMap((each) => Object.getOwnPropertyNames(each)),
    ...platform.flatMap((each) => Object.getOwnPropertyNames(each.prototype)),
  ]);
  const sources = globSync(`${client}/**/*.ts`, { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  const text = sources.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  const wrong = internalNames.flatMap((name) => {
    if (taken.has(name) && !neverCalled.includes(name)) return `${name} leaves the package`;
    return new RegExp(`\\b${name}\\b`).test(text) ? [] : `${name} is used nowhere`;
  });
  if (wrong.length === 0) return;
  throw new Error(`In scripts/internal-names.ts: ${wrong.join(', ')}. Take it off the list.`);
}

function treeOf(file: string): Tree {
  return parseTree(file, readFileSync(join(root, file), 'utf8'));
}
