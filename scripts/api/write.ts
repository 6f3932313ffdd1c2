// Writes the description of the API into docs/, or with `--check` says what of it is stale. Runs from the sources of the
// packages: node --conditions=@presence/source scripts/api/write.ts
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableOf } from '../../packages/server/src/http/table.ts';
import { openApiOf } from '../../packages/server/src/openapi/document.ts';
import { root } from '../root.mjs';
import { render, type ApiDocument } from './render.ts';

/** Nobody scrapes it: the table asks for it only when the route is called. */
const registry = { contentType: 'text/plain' } as never;

const metrics = { registry, tenants: [], route: { token: null } };
const document = openApiOf(tableOf({ hasAdmin: true, hasOpenApi: true, history: {}, metrics }));

const files: Readonly<Record<string, string>> = {
  'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'docs/api.md': render(document as unknown as ApiDocument),
};

const isCheck = process.argv.includes('--check');
for (const [file, text] of Object.entries(files)) {
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (isCheck) {
    console.error(
      `[presence/check] ${file} is not what the route table and the schemas make. Run \`npm run build\` and commit it.`,
    );
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
  }
}
