export declare const powerMonitor: { getSystemIdleTime(): number };
export declare const ipcMain: { handle(channel: string, handler: () => unknown): void };
// oxlint-disable-next-line typescript/no-explicit-any -- so it is in Electron
export declare const ipcRenderer: { invoke(channel: string): Promise<any> };
export declare const contextBridge: { exposeInMainWorld(name: string, api: unknown): void };
