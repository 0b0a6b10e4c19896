// The same 200 pieces through every door: the command line, C, Node and a page in Chromium, in this
// thread and on a worker; and how long composing takes there, one stream. After ./test:
//
//   b=build/release; tests/js/run.sh $b/lilt . $b/wasm/bindings/js/lilt.wasm $b/js ../thorough/doors.mjs $b/tests/pieces_in_c
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build, make_project, open_page, serve, start_browser } from '../js/pages.mjs';
import { assert_same, composed, mixed } from '../js/requests.mjs';

const [lilt_program, shipped, in_c] = process.argv.slice(2);
const package_folder = pathToFileURL(`${process.env.LILT_PACKAGE}/`);

const jigs = (count) => Array.from({ length: count }, (_, i) => ({ key: 'D', meter: '6/8', best_of: 1, seed: 1 + i }));

/** What the program in C composes of requests, and in how many seconds. */
function by_c(requests) {
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const ran = spawnSync(in_c, [shipped], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(ran.status, 0, ran.stderr);
  return { pieces: ran.stdout.trim().split('\n').map(JSON.parse), seconds: Number(ran.stderr) };
}

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
