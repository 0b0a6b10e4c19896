// A studio of its own, a browser, and what several tests do with them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// tests/studio/run.sh fetches these.
const require = createRequire(process.env.LILT_NODE_MODULES ?? import.meta.url);
const { chromium } = require('playwright-core');
const kAxe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const kBrowser = process.env.LILT_BROWSER ?? '/usr/bin/chromium';
const kPictures = process.env.LILT_PICTURES;  // where pictures of the page go, if anywhere

/** Starts `lilt studio` with a home and a book of its own; gives its address and how to end it. */
export async function start_studio(program, ...more) {
  const home = mkdtempSync(join(tmpdir(), 'lilt-studio-'));
  const studio = spawn(program, ['studio', '--no-browser', '--book', join(home, 'book.db'), ...more], {
    env: { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), XDG_DATA_HOME: join(home, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const address = await address_of(studio);
  const end = async () => {
    const gone = new Promise((done) => studio.on('exit', done));
    studio.kill('SIGINT');
    const timer = setTimeout(() => studio.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  };
  return { address, end, home };
}

function address_of(studio) {
  return new Promise((done, fail) => {
    let said = '';
    const listen = (bytes) => {
      said += bytes;
      const found = /http:\/\/\S+token=\S+/.exec(said);
      if (found) done(found[0]);
    };
    studio.stdout.on('data', listen);
    studio.stderr.on('data', listen);
    studio.on('exit', () => fail(new Error(`lilt studio ended: ${said}`)));
  });
}

export const start_browser = () => chromium.launch({
  executablePath: kBrowser,
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-dev-shm-usage'],
});

/**
 * A page that fails the test on errors of its console and on anything that it asks elsewhere for.
 * What a test provokes on purpose is told by `page.expected`.
 */
export async function open_page(context, address) {
  const page = await context.newPage();
  page.expected = [/status of 4\d\d/];
  page.problems = [];
  const host = new URL(address).host;
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (!page.expected.some((one) => one.test(message.text()))) page.problems.push(`${message.text()} ${JSON.stringify(message.location())}`);
  });
  page.on('pageerror', (error) => page.problems.push(error.stack));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.host !== host) page.problems.push(`asked for ${url}`);
  });
  await page.goto(address);
  return page;
}

/** Waits until the score of the text that the page has now is there. */
export const score_is_there = (page) => page.waitForSelector('#score[aria-busy=false] svg');

/** Whether nothing was wrong so far. */
export const assert_calm = (page) => assert.deepEqual(page.problems, []);

/** What axe finds that is serious. */
export async function assert_accessible(page, what) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(kAxe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const serious = found.violations.filter((one) => ['serious', 'critical'].includes(one.impact));
  assert.deepEqual(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`), [], what);
}

export async function picture(page, name) {
  if (!kPictures) return;
  mkdirSync(kPictures, { recursive: true });
  await page.screenshot({ path: join(kPictures, `${name}.png`) });
}

/** Runs named steps in their order; the first that fails ends it. */
export async function steps(list) {
  for (const [name, does] of list) {
    const start = Date.now();
    try {
      await does();
    } catch (error) {
      console.error(`FAILED: ${name}`);
      throw error;
    }
    console.log(`ok ${name} (${Date.now() - start} ms)`);
  }
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
