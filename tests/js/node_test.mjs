// The package in Node, in this thread and on a worker.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { assert_same, composed, mixed } from './requests.mjs';

const [lilt_program, shipped] = process.argv.slice(2);
const package_folder = pathToFileURL(`${process.env.LILT_PACKAGE}/`);
const direct = await import(new URL('lilt.js', package_folder));
const worker = await import(new URL('worker.js', package_folder));

const kTune = 'X:1\nT:One\nR:jig\nM:6/8\nL:1/8\nK:D\n"D"d3 f3|"A7"e3 c3|"D"d6|]\n';
const kWrong = 'X:1\nT:a\nM:4/4\nL:1/8\nK:D\nd9|d8|]\n';

const doors = [['in this thread', direct], ['on a worker', worker]];
const opened = new Map();

async function open(door) {
  if (!opened.has(door)) {
    const lilt = await door.load();
    opened.set(door, { lilt, model: await lilt.open(), full: await lilt.open(pathToFileURL(shipped)) });
  }
  return opened.get(door);
}

/** What is thrown or refused, as a LiltError of that code. */
async function refused(door, code, does) {
  try {
    await does();
  } catch (error) {
    assert.ok(error instanceof door.LiltError, String(error.stack));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.length > 10);
    return error;
  }
  return assert.fail(`expected ${code}`);
}

test.after(async () => { await opened.get(worker)?.lilt.close(); });

for (const [where, door] of doors) {
  test(`reads, checks and converts ${where}`, async () => {
    const { lilt, model } = await open(door);
    assert.match(lilt.version, /^\d+\.\d+/);
    assert.deepEqual(await lilt.check(kTune), []);
    const [finding] = await lilt.check(kWrong);
    assert.deepEqual([finding.line, finding.severity, finding.code], [6, 'error', 'bar-too-long']);
    const higher = await lilt.transpose(kTune, 2);
    assert.match(higher, /K:E\n/);
    assert.equal(await lilt.transpose(higher, -2), await lilt.canonical(kTune));
    assert.match(await lilt.musicxml(kTune, { instrument: 'fiddle', tempo: 120 }), /<score-partwise/);
    const midi = await lilt.midi(new TextEncoder().encode(kTune), '{"instrument": "fiddle"}');
    assert.equal(new TextDecoder().decode(midi.subarray(0, 4)), 'MThd');
    const { title, notes } = await lilt.notes(kTune);
    assert.equal(title, 'One');
    assert.deepEqual(notes.filter(({ role }) => role === 'melody').map(({ pitch }) => pitch), [74, 78, 76, 73, 74]);
    const { parameters, dialects } = await model.describe();
    assert.ok(parameters > 1e6 && dialects.includes('nottingham'));
  });

  test(`composes what the command line does ${where}`, async () => {
    const { model, full } = await open(door);
    for (const request of mixed(door === direct ? 20 : 5)) {
      const of = request.report || request.novel ? full : model;
      assert_same(await of.compose(request), composed(lilt_program, shipped, request), request);
    }
  });

  test(`gives pieces as they come ${where}`, async () => {
    const { model } = await open(door);
    const request = { key: 'G', bars: 8, number: 5, best_of: 1 };
    const taken = [];
    const pieces = await model.compose(request, { take: (piece) => { taken.push(piece); } });
    assert.equal(pieces.length, 5);
    assert.deepEqual(taken, pieces);
    assert.deepEqual(await model.compose(JSON.stringify(request)), pieces);
    const some = [];
    for await (const piece of model.pieces({ ...request, number: 100000 })) {
      some.push(piece);
      if (some.length === 2) break;
    }
    assert.deepEqual(some, pieces.slice(0, 2));
  });

  test(`composes several requests at a time ${where}`, async () => {
    const { model } = await open(door);
    const requests = [{ key: 'A', bars: 8 }, { key: 'Em', bars: 8 }, { key: 'F', bars: 8 }];
    const together = await Promise.all(requests.map((request) => model.compose(request)));
    for (const [i, request] of requests.entries()) assert.deepEqual(together[i], await model.compose(request));
  });

  test(`leaves others their turn, and can be called off ${where}`, async () => {
    const { model } = await open(door);
    const control = new AbortController();
    let turns = 0;
    const timer = setInterval(() => { if (++turns === 10) control.abort(new Error('enough')); }, 5);
    const begun = performance.now();
    await assert.rejects(model.compose({ number: 100000 }, { signal: control.signal }), { message: 'enough' });
    clearInterval(timer);
    assert.ok(turns >= 10 && performance.now() - begun < 20000);
    await assert.rejects(model.compose({}, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.equal((await model.compose({ bars: 4, best_of: 1 })).length, 1);
  });

  test(`says what is wrong ${where}`, async () => {
    const { lilt, model } = await open(door);
    assert.equal((await refused(door, 'wrong-request', () => model.compose({ key: 'H' }))).field, 'key');
    assert.equal((await refused(door, 'wrong-request', () => model.compose({ bars: 'x' }))).field, 'bars');
    assert.equal((await refused(door, 'wrong-request', () => model.compose({ keys: 'D' }))).field, 'keys');
    await refused(door, 'wrong-request', () => model.compose('{'));
    await refused(door, 'wrong-request', () => model.compose('['.repeat(100000)));
    await refused(door, 'wrong-request', () => model.compose(null));
    await refused(door, 'wrong-request', () => model.compose({ seed: 5n }));
    const circle = {};
    await refused(door, 'wrong-request', () => model.compose(Object.assign(circle, { key: circle })));
    await refused(door, door === worker ? 'wrong-request' : 'wrong-input', () => lilt.check(() => kTune));
    assert.equal((await refused(door, 'wrong-request', () => lilt.transpose(kTune, 99))).field, 'semitones');
    assert.equal((await refused(door, 'wrong-request', () => lilt.transpose(kTune, 1.5))).field, 'semitones');
    assert.equal((await refused(door, 'wrong-request', () => lilt.midi(kTune, { instrument: 'kazoo choir' }))).field, 'instrument');
    await refused(door, 'wrong-input', () => lilt.midi('abc'));
    await refused(door, 'wrong-input', () => lilt.check(5));
    await refused(door, 'wrong-input', () => lilt.canonical(new Uint8Array([0x58, 0xE9, 0x0A])));
    await refused(door, 'wrong-input', () => lilt.open(new Uint8Array(100)));
    await refused(door, 'wrong-input', () => lilt.open(new Uint8Array([0x1F, 0x8B, 1, 2, 3])));
    await refused(door, 'wrong-input', () => lilt.open('no-such-file.safetensors'));
    await refused(door, 'wrong-input', () => lilt.open(readFileSync(shipped).subarray(0, 1e6)));
    await refused(door, 'wrong-input', () => door.load({ wasm: new Uint8Array([1, 2, 3]) }));
  });

  test(`closes what it opened ${where}`, async () => {
    const lilt = await door.load();
    const model = await lilt.open(readFileSync(shipped));
    await model.close();
    await model.close();
    await refused(door, 'wrong-input', () => model.compose({}));
    await lilt.close?.();
    if (lilt.close) await refused(door, 'failed', () => lilt.check(kTune));
  });

  test(`memory that runs out is an error, and it goes on afterwards ${where}`, async () => {
    const lilt = await door.load({ memory: 64 });
    const model = await lilt.open();
    const before = await model.compose({ bars: 4, seed: 9 });
    const under_way = model.pieces({ number: 1000 });
    await under_way.next();
    await refused(door, 'no-memory', () => lilt.canonical(`${kTune}\n`.repeat(300000)));
    await refused(door, 'no-memory', () => lilt.canonical(kTune.repeat(3e6)));
    await refused(door, 'failed', async () => { for (;;) await under_way.next(); });
    assert.deepEqual(await lilt.check(kTune), []);
    assert.deepEqual(await model.compose({ bars: 4, seed: 9 }), before);
    await lilt.close?.();
  });

  test(`what has no room is refused, again and again, and told what would help ${where}`, async () => {
    const lilt = await door.load({ memory: 16 });
    const too_much = [
      () => lilt.open(pathToFileURL(shipped)),              // while it is read
      () => lilt.open(new Uint8Array(20 << 20)),            // before
      () => lilt.canonical(`${kTune}\n`.repeat(60000)),     // while it is read
      () => lilt.canonical(' '.repeat(20 << 20)),           // before
    ];
    for (let round = 0; round < 5; ++round) {
      for (const does of too_much) {
        assert.match((await refused(door, 'no-memory', does)).message, /16 MiB.*load\({ memory: 32 }\)/);
      }
      assert.deepEqual(await lilt.check(kTune), []);
    }
    await lilt.close?.();
  });

  test(`very many and very long pieces take no more memory ${where}`, async () => {
    const lilt = await door.load({ memory: 64 });
    const model = await lilt.open();
    for (const request of [{ number: 1e9, bars: 2 }, { number: 1e9, first: 1e6, bars: 2 }, { best_of: 8, bars: 32 }]) {
      const pieces = model.pieces({ best_of: 1, ...request });
      assert.match((await pieces.next()).value.abc, /^X:/);
      await pieces.return();
    }
    await refused(door, 'wrong-request', () => model.compose({ number: 1e12 }));
    await refused(door, 'wrong-request', () => model.compose({ bars: 1e6 }));
    await lilt.close?.();
  });

  test(`memory is a number of MiB, at least 16 and at most 2048 ${where}`, async () => {
    for (const memory of [NaN, '64', null, 64n, {}]) {
      assert.equal((await refused(door, 'wrong-request', () => door.load({ memory }))).field, 'memory');
    }
    for (const memory of [-1, 0, 1e9, Infinity]) {
      const lilt = await door.load({ memory });
      assert.deepEqual(await lilt.check(kTune), []);
      await lilt.close?.();
    }
  });
}

test('instances come and go, and where there is no room for another that is an error', async () => {
  const wasm = await WebAssembly.compile(readFileSync(new URL('lilt.wasm', package_folder)));
  const { lilt } = await open(direct);
  for (let i = 0; i < 200; ++i) {
    assert.equal((await direct.load({ wasm, memory: 2048 })).version, lilt.version);
  }
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class { constructor() { throw new RangeError('could not allocate'); } };
  try {
    await refused(direct, 'no-memory', () => direct.load({ wasm }));
  } finally {
    WebAssembly.Memory = Memory;
  }
});

test('fetches nothing when it is given everything', async () => {
  const fetch = globalThis.fetch;
  globalThis.fetch = () => assert.fail('it fetched');
  try {
    const bytes = readFileSync(new URL('lilt.wasm', package_folder));
    for (const wasm of [bytes, new Uint8Array(bytes).buffer, await WebAssembly.compile(bytes)]) {
      const lilt = await direct.load({ wasm });
      const model = await lilt.open(readFileSync(shipped));
      assert.equal((await model.compose({ bars: 2, best_of: 1 })).length, 1);
      const other = await worker.load({ wasm });
      assert.equal(other.version, lilt.version);
      await other.close();
    }
  } finally {
    globalThis.fetch = fetch;
  }
});

test('lilt.wasm asks for nothing but its memory and two functions', async () => {
  const module = await WebAssembly.compile(readFileSync(new URL('lilt.wasm', package_folder)));
  const names = WebAssembly.Module.imports(module).map(({ name }) => name);
  assert.ok(names.includes('memory'));
  // Newer versions of Emscripten leave proc_exit out.
  const others = ['memory', 'emscripten_notify_memory_growth', 'proc_exit'];
  assert.deepEqual(names.filter((name) => !others.includes(name)), []);
});
