// The example and a page for tests, built by Vite with the package as npm packs it, served as plain
// files under a strict policy, and opened in a browser.
import { execFileSync } from 'node:child_process';
import { cpSync, createReadStream, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kModules = process.env.LILT_NODE_MODULES;
export const require_module = createRequire(kModules);
const kExample = fileURLToPath(new URL('../../bindings/js/example/', import.meta.url));
const kSoundFont = '/usr/share/sounds/sf2/TimGM6mb.sf2';

const kPage = '<!doctype html><title>Test</title><link rel="icon" href="data:,"><script type="module" src="./test.js"></script>';
const kScript = `
  import * as direct from 'lilt';
  import * as worker from 'lilt/worker';
  import model from 'lilt/model?url';
  Object.assign(window, { direct, worker, model });`;

/** npm packs the package and installs it in a copy of the example, beside what npm has fetched; `files` are served too. */
export function make_project(folder, files = {}) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'public'), { recursive: true });
  cpSync(kExample, folder, { recursive: true });
  if (existsSync(kSoundFont)) cpSync(kSoundFont, join(folder, 'public/sound.sf2'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, 'public', name), bytes);
  writeFileSync(join(folder, 'test.html'), kPage);
  writeFileSync(join(folder, 'test.js'), kScript);
  const packed = execFileSync('npm', ['pack', process.env.LILT_PACKAGE, '--silent'], { cwd: folder, encoding: 'utf8' }).trim();
  mkdirSync(join(folder, 'node_modules/lilt'), { recursive: true });
  execFileSync('tar', ['-xzf', packed, '--strip-components=1', '-C', 'node_modules/lilt'], { cwd: folder });
  for (const name of readdirSync(join(kModules, 'node_modules'))) {
    if (!name.startsWith('.') && name !== 'lock') symlinkSync(join(kModules, 'node_modules', name), join(folder, 'node_modules', name));
  }
}

/** Builds the pages of a project; gives the folder of what is to be served. */
export async function build(folder) {
  const { build: vite_build } = await import(require_module.resolve('vite').replace(/index\.cjs$/, 'dist/node/index.js'));
  await vite_build({
    root: folder, logLevel: 'warn',
    build: { rollupOptions: { input: [join(folder, 'index.html'), join(folder, 'test.html')] } },
  });
  return join(folder, 'dist');
}

const kPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; " +
  "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src data:";
const kTypes = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css' };

/** Serves a folder's files, nothing else; gives the address and what was asked for. */
export async function serve(folder) {
  const asked = [];
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url, 'http://x').pathname);
    asked.push(path.slice(folder.length));
    if (!path.startsWith(folder) || !existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': kTypes[extname(path)] ?? 'application/octet-stream', 'Content-Security-Policy': kPolicy });
    createReadStream(path).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { address: `http://127.0.0.1:${server.address().port}/`, asked, end: () => server.close() };
}

export const start_browser = () => require_module('playwright-core').chromium.launch({
  executablePath: process.env.LILT_BROWSER,
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-dev-shm-usage'],
});

/** A page whose errors, and whatever it asks other hosts for, are kept in `problems`. */
export async function open_page(browser, address) {
  const page = await browser.newPage();
  page.setDefaultTimeout(120000);
  page.problems = [];
  page.on('console', (message) => { if (message.type() === 'error') page.problems.push(message.text()); });
  page.on('pageerror', (error) => page.problems.push(error.stack));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.host !== new URL(address).host) page.problems.push(`asked for ${url}`);
  });
  await page.goto(address);
  return page;
}
