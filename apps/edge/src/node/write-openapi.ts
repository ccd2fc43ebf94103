// `node apps/edge/src/node/write-openapi.ts [--check]`: writes the API's document, or says that it is not what the code says.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { ROUTES } from '../app.ts';
import { buildDocument } from '../openapi/build-document.ts';
import { OPERATIONS } from '../openapi/operations.ts';

/** The web app's own file, which both hosts serve. */
const FILE = fileURLToPath(new URL('../../../web/public/openapi.json', import.meta.url));

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const text = `${JSON.stringify(await buildDocument(ROUTES, OPERATIONS), null, 2)}\n`;

if (!values.check) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write('openapi.json is not what the code says: run `npm run openapi` and commit it.\n');
  process.exitCode = 1;
}
