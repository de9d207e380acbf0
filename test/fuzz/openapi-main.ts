import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestApi } from '../support/api.ts';
import { pageAlert, pageTime, storePageWorld } from '../support/api-page.ts';
import { temporaryFolder } from '../support/folder.ts';

// Has schemathesis ask the API what its OpenAPI document allows and what it forbids: 2,000 requests at least, none of
// which may be answered by a server error or by anything that the document does not tell.
//
// SCHEMATHESIS names the program (`pip install schemathesis`, version 4). Arguments: test cases for each operation,
// then the seed; then whatever else schemathesis shall be told.

const fewestCases = 2_000;
const program = process.env.SCHEMATHESIS ?? 'schemathesis';
const [examples = '30', seed = '1', ...more] = process.argv.slice(2);
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'ignored_auth',
];

/** Identifiers of what is there, so that answers other than 404 are held against the document too. */
const ids: Readonly<Record<string, string>> = {
  '/v1/feedback/{id}': 'bill-1-0',
  '/v1/conversations/{id}': 'talk-1',
  '/v1/customers/{id}': 'c-3',
  '/v1/alerts/{id}': pageAlert.id,
  '/v1/incidents/{id}': pageAlert.id,
  '/v1/dead-letters/{id}': '0:0',
};
const known = Object.entries(ids).map(
  ([path, id]) => `[[operations]]\ninclude-path = "${path}"\nparameters = { "path.id" = "${id}" }\n`,
);

const folder = await temporaryFolder();
const api = await startTestApi(pageTime, { KOE_API_REQUESTS_PER_MINUTE: '1000000' });
try {
  await storePageWorld(api);
  const report = join(folder.path, 'report.ndjson');
  const config = join(folder.path, 'schemathesis.toml');
  await writeFile(config, known.join('\n'));
  const asked = [
    ['--config-file', config, 'run', `${api.url}/openapi.json`, '--header', `Authorization: Bearer ${api.keys.admin}`],
    // The stream has no end that could be waited for.
    ['--exclude-path', '/v1/alerts/stream', '--phases', 'examples,coverage,fuzzing', '--checks', checks.join()],
    ['--max-examples', examples, '--seed', seed, '--request-timeout', '60', '--no-color'],
    ['--report', 'ndjson', '--report-ndjson-path', report],
    more,
  ].flat();
  const exit = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(program, asked, { cwd: folder.path, stdio: 'inherit' });
    child.on('error', (cause) => reject(new Error(`${program} cannot be run: SCHEMATHESIS names it`, { cause })));
    child.on('exit', resolve);
  });
  const lines = (await readFile(report, 'utf8')).trimEnd().split('\n');
  const cases = lines.reduce((sum, line) => sum + casesIn(JSON.parse(line)), 0);
  process.stdout.write(`${cases} test cases, seed ${seed}\n`);
  if (exit !== 0 || cases < fewestCases) process.exitCode = 1;
} finally {
  await api.close();
  await folder.remove();
}

/** Requests that an event of the report is about. */
function casesIn(event: { readonly ScenarioFinished?: { readonly recorder: { readonly cases?: object } } }): number {
  return Object.keys(event.ScenarioFinished?.recorder.cases ?? {}).length;
}
