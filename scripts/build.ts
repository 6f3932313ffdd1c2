// Builds the four packages in the order of their dependencies: JavaScript with tsup, declarations with tsc. The Lua
// sources of the Redis store become a module first, the route table and the schemas the description of the API in docs/.
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'tsup';
import { describeApi } from './checks/api.ts';
import { loadPage } from '../packages/server/src/admin/bundle-page.ts';
import { compiled, compiledFile } from './lua/compile.ts';
import { internalNames } from './internal-names.ts';
import { packages, type Package } from './packages.ts';
import { root } from './root.mjs';
import { run } from './run.ts';

writeFileSync(join(root, compiledFile), compiled());

await describeApi();

const internal = new RegExp(`^(?:${internalNames.join('|')})$`);

for (const each of packages) {
  rmSync(join(each.folder, 'dist'), { recursive: true, force: true });
  await emitJavaScript(each);
  await run('tsc', ['-p', join(each.folder, 'tsconfig.build.json')]);
  copyStyles(each);
  if (each.name === 'server') await emitAdminPage(each);
  assertComplete(each);
  console.log(`${each.manifest.name} built: ${each.entries.length} entries`);
}

async function emitJavaScript({ name, folder, entries, programs }: Package): Promise<void> {
  const modules = [...entries, ...programs].filter(({ output }) => output.endsWith('.js'));
  await build({
    config: false,
    silent: true,
    entry: Object.fromEntries(
      modules.map(({ source, output }) => [
        output.slice('dist/'.length, -'.js'.length),
        join(folder, source),
      ]),
    ),
    outDir: join(folder, 'dist'),
    tsconfig: join(folder, 'tsconfig.build.json'),
    format: 'esm',
    target: 'es2022',
    platform: name === 'server' ? 'node' : 'neutral',
    sourcemap: true,
    // Puts numbers in the place of their names, which an application's bundler does not do any more in one file.
    esbuildOptions(options) {
      options.minifySyntax = true;
      // One call builds all entries and chunks of a package, so they agree on the letters.
      if (name === 'client') options.mangleProps = internal;
    },
    // Dependencies and peers stay imports; the application installs them.
    skipNodeModulesBundle: true,
    // tsup cannot write declarations with this TypeScript.
    dts: false,
    // A constant that nobody uses is none to load: an application's bundler may drop it.
    pure: ['Object.freeze'],
    // tsup would drop 'use client' while shaking.
    treeshake: false,
    // tsup would turn `node:sqlite` into `sqlite`, which does not exist.
    removeNodeProtocol: false,
    // Every published module of the React package runs in the client, whatever file a chunk began as.
    ...(name === 'react' ? { banner: { js: "'use client';" } } : {}),
  });
}

function copyStyles({ folder, entries }: Package): void {
  for (const { source, output } of entries.filter((entry) => entry.output.endsWith('.css'))) {
    cpSync(join(folder, source), join(folder, output));
  }
}

/** What `#admin-page` is in the published package: the dashboard as a module of texts. */
async function emitAdminPage({ folder }: Package): Promise<void> {
  const files = JSON.stringify(await loadPage());
  const source = `const files = ${files};\nexport const loadPage = async () => files;\n`;
  writeFileSync(join(folder, 'dist/admin-page.js'), source);
}

function assertComplete({ manifest, folder, entries }: Package): void {
  const expected = entries.flatMap(({ output }) =>
    output.endsWith('.js') ? [output, output.replace(/\.js$/, '.d.ts')] : [output],
  );
  const missing = expected.filter((file) => !existsSync(join(folder, file)));
  if (missing.length === 0) return;
  throw new Error(
    `[presence/build] ${manifest.name} exports ${missing.join(', ')}, which the build did not write ` +
      `to ${dirname(join(folder, missing[0] ?? ''))}. Make the exports of its package.json name files of src.`,
  );
}
