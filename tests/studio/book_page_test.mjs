// The tune book on the page: kept, found again, changed, in two pages at once, imported, exported.
// book_page_test.mjs LILT: the program.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assert_accessible, assert_calm, open_page, picture, score_is_there, start_browser, start_studio, steps } from './browser.mjs';

const studio = process.env.LILT_STUDIO ? { address: process.env.LILT_STUDIO, end: () => {} } : await start_studio(process.argv[2]);
const browser = await start_browser();
const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, acceptDownloads: true });
const page = await open_page(context, studio.address);
const home = new URL('/', studio.address).href;

// What must never become more than text.
const kTrap = '<img src=x onerror=globalThis.trapped=1><script>globalThis.trapped=1</script>';
const kBook = ['One', 'Two', 'Three'].map((title, i) =>
  `X:${i + 1}\nT:${title} of the ${kTrap}\nC:${kTrap}\nR:jig\nM:6/8\nL:1/8\nK:D\n${['DFA dAF|GBd gdB', 'ABA GFE|DFA d3', 'FAd fdA|Bcd efg'][i]}|A3 D3|]\n`).join('\n');

const titles = (of = page) => of.locator('.tune .title').allTextContents();
const found = (count, of = page) => of.waitForFunction((many) => document.querySelectorAll('.tune').length === many, count);
const kept = (of = page) => of.waitForFunction(() => /Kept/.test(document.querySelector('#keep').textContent));

async function keeping() {
  await score_is_there(page);
  await page.fill('#title', 'The First Keeper');
  await page.keyboard.press('Tab');
  await page.click('#keep');
  await kept();
  await page.fill('#title', 'The Second Keeper');
  await page.keyboard.press('Tab');
  await page.waitForFunction(() => /changes/.test(document.querySelector('#keep').textContent));
  await page.keyboard.press('Control+s');
  await kept();
  await page.click('nav a[href="#book"]');
  await found(1);
  assert.deepEqual(await titles(), ['The Second Keeper']);
}

async function stars_tags_notes() {
  await page.click('.tune .star:nth-child(4)');
  await page.waitForFunction(() => document.querySelectorAll('.star[aria-pressed=true]').length === 4);
  await page.click('.tune details summary');
  await page.fill('.tune input', 'fast, session');
  await page.keyboard.press('Tab');
  await page.waitForSelector('.tag:has-text("session")');
  await page.click('.tune details summary');
  await page.fill('.tune textarea', 'Learnt from the wind.');
  await page.keyboard.press('Tab');
  await page.waitForTimeout(300);
  await page.reload();
  await found(1);
  await page.click('.tune details summary');
  assert.equal(await page.inputValue('.tune textarea'), 'Learnt from the wind.');
  assert.match(await page.textContent('.tune .origin'), /composed/);
  // Taken back and done again though the page was loaded anew in between.
  const notes = (text) => page.waitForFunction(async (expected) =>
    (await (await fetch('/api/book')).json()).tunes[0].notes === expected, text);
  await page.click('#undo');
  await notes('');
  await page.click('#redo');
  await notes('Learnt from the wind.');
  assert.equal(await page.locator('.star[aria-pressed=true]').count(), 4);
  await picture(page, 'book-entry');
  await assert_accessible(page, 'book');
}

async function importing() {
  await page.setInputFiles('#book-file', { name: 'three.abc', mimeType: 'text/plain', buffer: Buffer.from(kBook) });
  await found(4);
  assert.equal(await page.evaluate(() => globalThis.trapped), undefined);
  assert.ok((await titles()).some((title) => title.includes('<script>')));
}

async function searching() {
  await page.fill('#book-words', 'two');
  await found(1);
  assert.match((await titles())[0], /^Two of/);
  await page.fill('#book-words', '');
  await found(4);
  await page.fill('#book-melody', 'G B d g');  // as in "One", a fourth higher
  await page.waitForFunction(() => document.querySelector('.tune .title')?.textContent.startsWith('One'));
  await page.fill('#book-melody', '');
  await page.fill('#book-tag', 'session');
  await found(1);
  await page.fill('#book-tag', '');
  await page.selectOption('#book-stars', '4');
  await found(1);
  await page.selectOption('#book-stars', '');
  await page.selectOption('#book-sort', 'title');
  await found(4);
  const sorted = await titles();
  assert.deepEqual(sorted, [...sorted].sort());
  await picture(page, 'book');
}

async function near_variants() {
  await page.locator('.tune details summary').first().click();
  await page.click('button:has-text("Near variants")');
  await page.waitForSelector('.variants > *');
}

async function deleting() {
  await page.fill('#book-words', 'three');
  await found(1);
  await page.click('.tune details summary');
  await page.click('.tune button.danger');
  await found(0);
  await page.click('#undo');
  await found(1);
  await page.fill('#book-words', '');
  await found(4);
}

async function opening() {
  await page.click('.tune .title:has-text("One of the")');
  await page.waitForFunction(() => document.querySelector('#abc').value.includes('DFA dAF'));
  await score_is_there(page);
  assert.equal(await page.evaluate(() => globalThis.trapped), undefined);
  assert.equal(await page.locator('#score script, #score foreignObject, #score img').count(), 0);
  assert.match(await page.inputValue('#title'), /<img/);
  await kept();
}

/** Two windows change one tune: the second one is asked, and nothing is lost. */
async function two_windows() {
  const other = await open_page(context, home);
  await other.goto(`${home}#book`);
  await other.click('.tune .title:has-text("One of the")');
  await other.waitForFunction(() => document.querySelector('#abc').value.includes('DFA dAF'));
  await page.fill('#title', 'One, by the first window');
  await page.keyboard.press('Tab');
  await page.click('#keep');
  await kept();
  await other.fill('#title', 'One, by the other window');
  await other.keyboard.press('Tab');
  await other.click('#keep');
  await other.waitForSelector('dialog.conflict');
  await other.waitForFunction(() => document.querySelectorAll('dialog.conflict svg').length === 2);
  assert.match(await other.textContent('dialog.conflict'), /by the first window/);
  assert.match(await other.textContent('dialog.conflict'), /by the other window/);
  await assert_accessible(other, 'conflict');
  await picture(other, 'conflict');
  await other.click('button:has-text("Keep both")');
  await other.waitForSelector('dialog.conflict', { state: 'detached' });
  await other.click('nav a[href="#book"]');
  await found(5, other);
  const all = (await titles(other)).join('\n');
  assert.match(all, /One, by the first window/);
  assert.match(all, /One, by the other window \(second version\)/);
  assert_calm(other);
  await other.close();
}

async function exporting() {
  await page.click('nav a[href="#book"]');
  for (const [format, begins] of [['abc', 'X:1'], ['pdf', '%PDF']]) {
    await page.selectOption('#book-format', format);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#export-book')]);
    const bytes = readFileSync(await download.path()).toString('latin1');
    assert.ok(bytes.startsWith(begins), bytes.slice(0, 20));
    if (format === 'abc') assert.equal(bytes.match(/^X:/gm).length, 5);
  }
}

try {
  await steps([['keeping', keeping], ['stars, tags, notes', stars_tags_notes], ['importing', importing],
    ['searching', searching], ['near variants', near_variants], ['deleting', deleting], ['opening', opening],
    ['two windows', two_windows], ['exporting', exporting], ['no complaints', () => assert_calm(page)]]);
} catch (error) {
  await picture(page, 'book-failed');
  console.error(page.problems);
  throw error;
} finally {
  await browser.close();
  await studio.end();
}
