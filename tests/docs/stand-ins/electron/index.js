// In the place of Electron: the main process and its window are one, and the machine is in use.
const handlers = new Map();

export const powerMonitor = { getSystemIdleTime: () => 0 };
export const ipcMain = { handle: (channel, handler) => void handlers.set(channel, handler) };
export const ipcRenderer = { invoke: async (channel) => handlers.get(channel)() };
export const contextBridge = {
  exposeInMainWorld: (name, api) => void Object.assign(globalThis, { [name]: api }),
};
