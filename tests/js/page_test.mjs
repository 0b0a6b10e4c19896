// The package in a page: the example and a page of tests, built by Vite from what npm packs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { build, make_project, open_page, require_module, serve, start_browser } from './pages.mjs';
import { assert_same, composed, mixed } from './requests.mjs';

const [lilt_program, shipped] = process.argv.slice(2);
const project = join(process.env.LILT_NODE_MODULES, 'project');

make_project(project);
const server = await serve(await build(project));
const browser = await start_browser();
test.after(async () => {
  await browser.close();
  server.end();
});

const opened = async (path) => {
  const page = await open_page(browser, server.address + path);
  if (path === 'test.html') await page.waitForFunction(() => 'direct' in window);
  return page;
};

test('is as small as promised', () => {
  const size = (name) => gzipSync(readFileSync(join(process.env.LILT_PACKAGE, name)), { level: 9 }).length;
  const code = ['lilt.wasm', 'lilt.js', 'worker.js', 'worker_script.js', 'instance.js', 'source.js', 'errors.js'];
  const bytes = code.reduce((sum, name) => sum + size(name), 0);
  const model = statSync(join(process.env.LILT_PACKAGE, 'folk.safetensors.gz')).size;
  console.log(`code ${bytes} bytes with gzip, model ${model} bytes`);
  assert.ok(bytes <= 500e3 && model <= 4e6);
});

test('has types', () => {
  writeFileSync(join(project, 'types.ts'), `
    import { load, LiltError, type Piece } from 'lilt';
    import { load as start } from 'lilt/worker';
    const lilt = await load({ wasm: new Uint8Array(), memory: 64 }), other = await start();
    const model = await lilt.open('x'), far = await other.open();
    const pieces: Piece[] = await model.compose({ key: 'D', bars: 8 }, { signal: AbortSignal.timeout(9), take(piece) { piece.abc; } });
    for await (const piece of far.pieces('{}')) lilt.notes(piece.abc).notes[0].pitch.toFixed();
    const bytes: Uint8Array = await other.midi(lilt.transpose(pieces[0].abc, 2), { instrument: 'fiddle' });
    // @ts-expect-error
    model.compose({ key: 5 });
    // @ts-expect-error
    lilt.check(bytes.length);
    try { model.close(); } catch (error) { if (error instanceof LiltError) error.code === 'wrong-input' && error.field.length; }
    export {};`);
  execFileSync(process.execPath, [require_module.resolve('typescript/bin/tsc'), '--noEmit', '--strict', '--target', 'es2022', '--module', 'es2022',
    '--moduleResolution', 'bundler', '--lib', 'es2022,dom,dom.asynciterable', 'types.ts'], { cwd: project, stdio: 'inherit' });
});

for (const door of ['direct', 'worker']) {
  test(`composes what the command line does (${door})`, async () => {
    const page = await opened('test.html');
    await page.evaluate(async (which) => {
      window.lilt = await window[which].load();
      window.model_of = { false: await window.lilt.open() };
    }, door);
    const requests = mixed(20).filter(({ report, novel }) => !report && !novel).slice(0, door === 'direct' ? 20 : 4);
    for (const request of requests) {
      const pieces = await page.evaluate((asked) => window.model_of.false.compose(asked), request);
      assert_same(pieces, composed(lilt_program, shipped, request), request);
    }
    assert.deepEqual(page.problems, []);
    await page.close();
  });
}

test('leaves the page alive, and can be called off', async () => {
  const page = await opened('test.html');
  for (const door of ['direct', 'worker']) {
    const [frames, name] = await page.evaluate(async (which) => {
      const model = await (await window[which].load()).open();
      const control = new AbortController();
      let seen = 0;
      const count = () => { if (++seen === 20) control.abort(); requestAnimationFrame(count); };
      requestAnimationFrame(count);
      return model.compose({ number: 100000 }, { signal: control.signal }).catch((error) => [seen, error.name]);
    }, door);
    assert.ok(frames >= 20);
    assert.equal(name, 'AbortError');
  }
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('fetches nothing when it is given everything', async () => {
  const page = await opened('test.html');
  const wasm = [...readFileSync(join(process.env.LILT_PACKAGE, 'lilt.wasm'))];
  await page.evaluate(async (bytes) => {
    window.bytes = new Uint8Array(bytes);
    window.given = await (await fetch(window.model)).arrayBuffer();
  }, wasm);
  const before = server.asked.filter((path) => !path.includes('worker')).length;
  const titles = await page.evaluate(async () => {
    const pieces = [];
    for (const wasm of [window.bytes, await WebAssembly.compile(window.bytes)]) {
      for (const door of [window.direct, window.worker]) {
        const model = await (await door.load({ wasm })).open(window.given);
        pieces.push(...await model.compose({ bars: 4, best_of: 1 }));
      }
    }
    return pieces.map(({ title }) => title);
  });
  assert.equal(new Set(titles).size, 1);
  assert.equal(titles.length, 4);
  assert.equal(server.asked.filter((path) => !path.includes('worker')).length, before);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('the example composes, shows and plays', async () => {
  const page = await opened('index.html');
  await page.click('form button');
  await page.waitForFunction(() => document.querySelectorAll('#score svg path').length > 100);
  await page.waitForSelector('#message:text-matches("^(?!Composing).")');
  assert.match(await page.textContent('#abc'), /^X:1\nT:.*\nZ:Lilt, seed 1\n[^]*M:6\/8\n/);
  assert.ok(await page.getAttribute('#midi', 'href') && await page.getAttribute('#musicxml', 'href'));
  await page.fill('[name=key]', 'H');
  await page.click('form button');
  await page.waitForSelector('#message:text-matches("key")');
  if (existsSync(join(project, 'public/sound.sf2'))) {
    // What reaches the loudspeakers is looked at on its way there.
    await page.evaluate(() => {
      const connect = AudioNode.prototype.connect;
      AudioNode.prototype.connect = function connect_and_watch(to, ...more) {
        if (to instanceof AudioDestinationNode && !window.ear) {
          window.ear = this.context.createAnalyser();
          connect.call(this, window.ear, ...more.slice(0, 1));
        }
        return connect.call(this, to, ...more);
      };
    });
    await page.click('#play');
    await page.waitForFunction(() => {
      const heard = new Float32Array(2048);
      window.ear?.getFloatTimeDomainData(heard);
      return heard.some((sample) => Math.abs(sample) > 0.01);
    });
  }
  assert.deepEqual(page.problems, []);
  await page.close();
});
