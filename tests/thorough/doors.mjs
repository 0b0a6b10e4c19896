// The same 200 requests through every door, and the same pieces of them: the command line, C, Python, Node
// and a page in Chromium, in this thread and on a worker; and how long composing takes there, one
// stream. After ./test:
//
//   b=build/release; PYTHONPATH=$b/python tests/js/run.sh $b/lilt . $b/wasm/bindings/js/lilt.wasm $b/js \
//     ../thorough/doors.mjs $b/tests/pieces_in_c build/python-venv/bin/python
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build, make_project, open_page, serve, start_browser } from '../js/pages.mjs';
import { assert_same, composed, mixed } from '../js/requests.mjs';

const [lilt_program, shipped, in_c, python] = process.argv.slice(2);
const in_python = fileURLToPath(new URL('pieces_in_python.py', import.meta.url));
const package_folder = pathToFileURL(`${process.env.LILT_PACKAGE}/`);

const jigs = (count) => Array.from({ length: count }, (_, i) => ({ key: 'D', meter: '6/8', best_of: 1, seed: 1 + i }));

/** What a program composes of requests, a line each, and in how many seconds. */
function by_program(program, given, requests) {
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const ran = spawnSync(program, given, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(ran.status, 0, ran.stderr);
  return { pieces: ran.stdout.trim().split('\n').map(JSON.parse), seconds: Number(ran.stderr.trim().split('\n').at(-1)) };
}

const by_c = (requests) => by_program(in_c, [shipped], requests);
const by_python = (requests) => by_program(python, [in_python, shipped], requests);

async function by_node(requests, door) {
  const { load } = await import(new URL(door, package_folder));
  const lilt = await load();
  const model = await lilt.open(pathToFileURL(shipped));
  await model.compose({ number: 4 });  // until it is compiled
  const begun = performance.now();
  const pieces = [];
  for (const request of requests) pieces.push(await model.compose(request));
  const seconds = (performance.now() - begun) / 1000;
  await lilt.close?.();
  return { pieces, seconds };
}

async function by_page(page, requests, door) {
  return page.evaluate(async ([asked, which]) => {
    const lilt = await window[which].load();
    const model = await lilt.open(new URL('shipped.safetensors', location));
    await model.compose({ number: 4 });
    const begun = performance.now();
    const pieces = [];
    for (const request of asked) pieces.push(await model.compose(request));
    return { pieces, seconds: (performance.now() - begun) / 1000 };
  }, [requests, door]);
}

const project = join(process.env.LILT_NODE_MODULES, 'project');
make_project(project, { 'shipped.safetensors': readFileSync(shipped) });
const server = await serve(await build(project));
const browser = await start_browser();
const page = await open_page(browser, `${server.address}test.html`);
await page.waitForFunction(() => 'direct' in window);

const doors = [
  ['C', by_c],
  ['Python', by_python],
  ['Node', (requests) => by_node(requests, 'lilt.js')],
  ['Node, worker', (requests) => by_node(requests, 'worker.js')],
  [`Chromium ${browser.version()}`, (requests) => by_page(page, requests, 'direct')],
  ['Chromium, worker', (requests) => by_page(page, requests, 'worker')],
];

const requests = mixed(200);
const expected = requests.map((request) => composed(lilt_program, shipped, request));
for (const [name, compose] of doors) {
  const { pieces } = await compose(requests);
  requests.forEach((request, i) => assert_same(pieces[i], expected[i], request));
  console.log(`${name}: the same ${pieces.flat().length} pieces of ${requests.length} requests`);
}
const beside = by_c(jigs(100)).seconds;
for (const [name, compose] of doors) {
  const { seconds } = await compose(jigs(100));
  console.log(`${name}: 100 jigs, one stream, ${seconds.toFixed(2)} s, ${(seconds / beside).toFixed(2)} times as long as C`);
}
assert.deepEqual(page.problems, []);
await browser.close();
server.end();
