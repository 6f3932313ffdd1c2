// @vitest-environment jsdom
// The tests that the documents give as examples are run as tests.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { configure } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { allBlocks, fileNameOf } from './blocks.ts';

const folder = `${import.meta.dirname}/.generated-tests/`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

// The Testing Library sets this itself only where the test functions are globals.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
configure({ asyncUtilTimeout: 10_000 });

const blocks = allBlocks().filter(({ kind }) => kind === 'test');

it('there are some', () => expect(blocks.length).toBeGreaterThan(1));

for (const block of blocks) {
  describe(block.at, async () => {
    const path = `${folder}${fileNameOf(block)}.tsx`;
    writeFileSync(path, block.code);
    await import(/* @vite-ignore */ path);
  });
}
