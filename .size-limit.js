// What a visitor loads is an ES module, which asks for the rest by `import()`. Left to itself, size-limit measures a plain script, in
// which esbuild puts a `require` of its own in the place of each `import()`: 0.14 kB that no browser ever loads. So everything is
// measured as a module, and what is asked for later stands in lines of its own.
const asModules = (entries) =>
  entries.map((entry) => ({
    gzip: true,
    modifyEsbuildConfig: (config) => ({ ...config, format: 'esm' }),
    ...entry,
  }));

const later = ['./fallback-*', './sharing-*', './commands-*', './rooms-*', './online-*'];
const react = ['react', 'react-dom'];
const hooks = `{
  PresenceProvider, useConnection, useIdle, useMyPresence, useOnlineCount, useOnlineUsers, usePresence, usePresenceClient,
  usePresences, useRoom, useTyping, useVisiblePresence
}`;

export default asModules([
  {
    name: 'client, what every visitor loads',
    import: { 'packages/client/dist/index.js': '{ createPresenceClient }' },
    limit: '8 kB',
    ignore: later,
  },
  {
    name: 'client, loaded where no socket gets through',
    path: 'packages/client/dist/fallback-*.js',
    limit: '3.65 kB',
  },
  {
    name: 'client, loaded with the second tab',
    path: 'packages/client/dist/sharing-*.js',
    limit: '1.9 kB',
  },
  {
    name: 'client, loaded with the first command',
    path: 'packages/client/dist/commands-*.js',
    limit: '700 B',
  },
  {
    name: 'client, loaded with the list of who is online',
    path: 'packages/client/dist/online-*.js',
    limit: '750 B',
  },
  {
    name: 'client, loaded with the first room',
    path: 'packages/client/dist/rooms-*.js',
    limit: '2.35 kB',
  },
  {
    name: 'client + the hooks of react, without components',
    import: {
      'packages/client/dist/index.js': '{ createPresenceClient }',
      'packages/react/dist/index.js': hooks,
    },
    limit: '11 kB',
    ignore: [...later, ...react],
  },
  {
    name: 'client + react, what every visitor loads',
    import: {
      'packages/client/dist/index.js': '{ createPresenceClient }',
      'packages/react/dist/index.js': '*',
    },
    limit: '14 kB',
    ignore: [...later, './status-form-*', ...react],
  },
  {
    name: 'react, loaded when the status picker opens',
    path: 'packages/react/dist/status-form-*.js',
    limit: '1.85 kB',
    ignore: ['./chunk-*', ...react],
  },
]);
