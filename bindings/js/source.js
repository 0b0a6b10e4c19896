// The bytes of what a program gives: bytes, an address, or a file of the package's own.
import { LiltError } from './errors.js';

const kLocal = 'node:fs/promises';  // by a name that bundlers leave alone
const kGzip = [0x1F, 0x8B];

/** What an address without a beginning is beside: the page, the worker or the current folder. */
function base() {
  const here = globalThis.document?.baseURI ?? globalThis.location?.href;
  return here ?? new URL(`file://${globalThis.process?.cwd()}/`).href;
}

/** An address as a whole one: a program that asks in a worker means what is beside itself. */
export const absolute = (source) =>
  typeof source === 'string' || source instanceof URL ? new URL(source, base()).href : source;

async function read_file(url) {
  const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ kLocal);
  return new Uint8Array(await readFile(url));
}

async function fetched(address) {
  const url = new URL(address);
  try {
    if (url.protocol === 'file:' && globalThis.process?.versions?.node) return await read_file(url);
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    throw new LiltError('wrong-input', `expected a file at ${url}, found none: ${error.message}`);
  }
}

async function unpacked(bytes) {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new LiltError('wrong-input', 'expected a whole gzip file, found a damaged one');
  }
}

function given(source) {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (typeof source === 'string' || source instanceof URL) return null;
  throw new LiltError('wrong-input', `expected bytes or an address, found ${typeof source}`);
}

/** The bytes of a source, unpacked where gzip has packed them. */
export async function bytes_of(source) {
  const bytes = given(source) ?? await fetched(absolute(source));
  return kGzip.every((byte, i) => bytes[i] === byte) ? unpacked(bytes) : bytes;
}
