// Teaching on the page: tunes dropped, described, learnt, heard on the way, the model used.
// teach_page_test.mjs LILT TUNES: the program, and a file of tunes to learn.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assert_accessible, assert_calm, open_page, picture, score_is_there, start_browser, start_studio, steps } from './browser.mjs';

const tunes = readFileSync(process.argv[3], 'utf8').split(/\n(?=X:)/).slice(0, 15).join('\n');
const studio = await start_studio(process.argv[2]);
const browser = await start_browser();
const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, acceptDownloads: true });
const page = await open_page(context, studio.address);

async function dropping() {
  await score_is_there(page);
  await page.click('nav a[href="#teach"]');
  await page.waitForSelector('.models .card');
  // As if a file was dropped with the mouse.
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'small book.abc', { type: 'text/plain' }));
    return transfer;
  }, tunes);
  await page.dispatchEvent('.drop', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: data });
  await page.waitForSelector('.collection');
  assert.match(await page.textContent('.collection'), /small.book/);
  assert.match(await page.textContent('.collection'), /15 tunes/);
  assert.ok(await page.locator('.collection .chart svg').count() >= 4);
  assert.match(await page.getAttribute('.collection .chart:nth-child(2) svg', 'aria-label'), /Keys: /);
  await page.waitForFunction(() => document.querySelector('#preset-help').textContent.includes('Takes about'), null, { timeout: 60_000 });
  await picture(page, 'collection');
  await assert_accessible(page, 'teach');
}

async function learning() {
  await page.fill('#lesson-name', 'mine');
  await page.selectOption('#lesson-preset', 'small');
  const usual = await page.textContent('#preset-help');
  await page.fill('#lesson-epochs', '200');
  assert.notEqual(await page.textContent('#preset-help'), usual);  // it takes longer
  await page.click('#learn');
  await page.waitForSelector('.lessons progress');
  await page.waitForFunction(() => document.querySelectorAll('.lessons .samples .card').length > 0, null, { timeout: 120_000 });
  await page.waitForSelector('.lessons path.curve');
  // What it has learnt so far is a model already.
  await page.waitForSelector('.lessons button:has-text("Compose with it")');
  await page.waitForFunction(() => document.querySelectorAll('.models .card').length === 2);
  await picture(page, 'lesson');
  await assert_accessible(page, 'lesson');
}

async function survives_the_page() {
  await page.reload();
  await page.waitForSelector('.lessons progress');
  await page.click('button:has-text("Stop")');
  await page.waitForSelector('button:has-text("Go on learning")', { timeout: 60_000 });
  await page.click('button:has-text("Go on learning")');
  await page.waitForSelector('.lessons progress');
  await page.click('.lessons button:has-text("Stop")');
  await page.waitForSelector('button:has-text("Go on learning")', { timeout: 60_000 });
}

async function using() {
  const card = page.locator('.models .card', { has: page.locator('h3', { hasText: /^mine/ }) });
  await card.waitFor({ timeout: 60_000 });
  await card.locator('button:has-text("Evaluate")').click();
  await card.locator('table').waitFor({ timeout: 60_000 });
  await card.locator('button:has-text("Compare")').click();
  await page.waitForFunction(() => [...document.querySelectorAll('.models table')].some((one) => one.tHead?.rows[0].cells.length === 3), null, { timeout: 60_000 });
  const rows = await card.locator('tbody th').allTextContents();
  for (const row of ['Learnt from', 'Learnt on', 'Size', 'Tunes measured by', 'Bits per note']) assert.ok(rows.includes(row), `${row} of ${rows}`);
  assert.match(await card.locator('tbody tr').first().textContent(), /small.book/);
  await picture(page, 'models');
  const [download] = await Promise.all([page.waitForEvent('download'), card.locator('button:has-text("Export")').click()]);
  assert.ok(download.suggestedFilename().endsWith('.safetensors'));
  const name = await card.locator('h3').textContent();
  await card.locator('button:has-text("Compose with it")').click();
  await page.click('nav a[href="#compose"]');
  const before = await page.inputValue('#abc');
  await page.click('#another');
  await page.waitForFunction((text) => document.querySelector('#abc').value !== text, before, { timeout: 60_000 });
  assert.ok((await page.textContent('.about')).includes(name));
}

async function forgetting() {
  await page.click('nav a[href="#teach"]');
  page.on('dialog', (dialog) => dialog.accept());
  await page.click('.lessons .danger');
  await page.waitForFunction(() => document.querySelectorAll('.lessons .card').length === 0);
  // Its model, which was wished for, is gone with it.
  await page.waitForFunction(() => document.querySelectorAll('.models .card').length === 1);
  assert.deepEqual(await page.locator('#wish-model option').allTextContents(), await page.locator('.models h3').allTextContents());
  assert.equal(await page.evaluate(() => JSON.parse(localStorage.getItem('lilt.wishes') ?? '{}').model), await page.inputValue('#wish-model'));
  await page.click('.collection .danger');
  await page.waitForFunction(() => document.querySelectorAll('.collection').length === 0);
}

try {
  await steps([['dropping', dropping], ['learning', learning], ['survives the page', survives_the_page],
    ['using', using], ['forgetting', forgetting], ['no complaints', () => assert_calm(page)]]);
} catch (error) {
  await picture(page, 'teach-failed');
  console.error(page.problems);
  throw error;
} finally {
  await browser.close();
  await studio.end();
}
