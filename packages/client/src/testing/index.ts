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
