import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyOptions } from '@presence/server';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from '../services/launch-chromium.ts';
import { startExample, type Example } from './example.ts';
import { openTab, type WorkspaceTab } from './workspace-tab.ts';

/** Quick where nobody's minutes are measured. */
export const QUICK: PolicyOptions = {
  awayAfterMs: 120_000,
  offlineAfterIdleMs: 600_000,
  pingMs: 1000,
  pongTimeoutMs: 1000,
  nodeLeaseMs: 6000,
  nodeRenewMs: 1000,
  grace: { lostMs: 2000, closedMs: 1500 },
};

/** A browser of somebody, signed in to one organisation or to several. */
interface Desk {
  readonly context: BrowserContext;
  signIn(organisation: string, userId: string): Promise<void>;
  open(organisation: string, path?: string): Promise<WorkspaceTab>;
}

/** The running workspace and the browsers in front of it, for the tests of one file. */
export interface WorkspaceDemo {
  readonly server: Example;
  /** Of the file of SQLite that it runs on. */
  readonly databaseUrl: string;
  /** A file with the policy that it has, as the command line tool takes it. */
  readonly folder: string;
  /** A browser of its own, signed in. */
  desk(organisation: string, userId: string): Promise<Desk>;
}

/** Each with somebody who can sign in to it. */
const ORGANISATIONS = [
  ['juniper', 'linus'],
  ['northwind', 'lena'],
  ['lumen', 'vera'],
] as const;

interface Settings {
  readonly policy?: PolicyOptions;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the server itself has people here. */
  readonly crowd?: 'stays';
}

const deskIn = (context: BrowserContext, url: string): Desk => ({
  context,
  signIn: async (organisation, userId) => {
    const response = await context.request.post(`${url}/${organisation}/api/sign-in`, {
      data: { userId },
    });
    expect(response.status(), `${userId} in ${organisation}`).toBe(204);
  },
  open: (organisation, path = '') => openTab(context, url, organisation, path),
});

/** Registers start and stop with the test file; every test begins with nobody there. */
export const useWorkspace = ({ policy = {}, env = {}, crowd }: Settings = {}): WorkspaceDemo => {
  const late: { folder: string } = { folder: '' };
  let server: Example;
  let browser: Browser;
  const contexts = new Set<BrowserContext>();
  const problems: string[] = [];
  /** Whether anybody is not offline, asked as somebody who is not here. */
  const isAnybodyHere = async (): Promise<boolean> => {
    const context = await browser.newContext();
    const counts = ORGANISATIONS.map(async ([organisation, userId]) => {
      await deskIn(context, server.url).signIn(organisation, userId);
      const path = `${server.url}/${organisation}/presence/online/count`;
      return ((await (await context.request.get(path)).json()) as { count: number }).count;
    });
    const all = await Promise.all(counts);
    await context.close();
    return all.some((count) => count > 0);
  };
  const databaseUrl = (): string => `sqlite:${join(late.folder, 'presence.db')}`;

  beforeAll(async () => {
    late.folder = mkdtempSync(join(tmpdir(), 'presence-workspace-'));
    [server, browser] = await Promise.all([
      startExample('workspace/server.ts', {
        COLLEAGUES: 'off',
        PRESENCE_DATABASE_URL: databaseUrl(),
        WORKSPACE_MESSAGES: join(late.folder, 'messages.db'),
        WORKSPACE_POLICY: JSON.stringify({ ...QUICK, ...policy }),
        ...env,
      }),
      launchChromium(),
    ]);
  });

  afterEach(async () => {
    await Promise.all([...contexts].map((context) => context.close()));
    contexts.clear();
    if (!crowd) await expect.poll(isAnybodyHere, { timeout: 20_000 }).toBe(false);
    expect(problems.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(late.folder, { recursive: true, force: true });
  });

  return {
    get server() {
      return server;
    },
    get databaseUrl() {
      return databaseUrl();
    },
    get folder() {
      return late.folder;
    },
    desk: async (organisation, userId) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      contexts.add(context);
      context.on('weberror', (error) => void problems.push(error.error().message));
      const desk = deskIn(context, server.url);
      await desk.signIn(organisation, userId);
      return desk;
    },
  };
};
