export { createScriptedClient } from './scripted-client.ts';
export type { ScriptedClient, ScriptedClientOptions, ScriptedPresence } from './scripted-client.ts';
export type { ScriptedRoom } from './scripted-rooms.ts';
export { createScriptedServer } from './scripted-server.ts';
export type { ScriptedServer, ScriptedRequest } from './scripted-server.ts';
export { createVirtualBrowser } from './virtual-browser.ts';
export type {
  BrowserPart,
  VirtualBrowser,
  VirtualBrowserOptions,
  VirtualTab,
} from './virtual-browser.ts';
export type { Network, NetworkState } from './virtual-network.ts';
export { createWorld } from './world.ts';
export type { OpenedPage, World } from './world.ts';
