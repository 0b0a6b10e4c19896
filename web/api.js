// What the page asks of the server: every route, and nothing else knows them.
import { words } from './words.js';

/** What the server refuses, in its own words; `field` is the member that it is about. */
export class Refusal extends Error {
  /** @param {string} message @param {number} status @param {string} field @param {any} body */
  constructor(message, status, field, body) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.field = field;
    this.body = body;
  }
}

/**
 * @param {string} method @param {string} path @param {any} [body] @param {AbortSignal} [signal]
 * @returns {Promise<Response>}
 */
async function send(method, path, body, signal) {
  let answer;
  try {
    answer = await fetch(`/api/${path}`, {
      method, signal,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (/** @type {any} */ (error).name === 'AbortError') throw error;
    throw new Refusal(words.no_server, 0, '', undefined);
  }
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

/** @param {Response} answer */
async function refusal(answer) {
  const body = await answer.json().catch(() => undefined);
  const error = body?.error ?? {};
  return new Refusal(error.message ?? words.refused(answer.status), answer.status,
    error.field ?? '', body);
}

/** @param {string} path @param {AbortSignal} [signal] */
const get = async (path, signal) => (await send('GET', path, undefined, signal)).json();
/** @param {string} path @param {any} [body] @param {AbortSignal} [signal] */
const post = async (path, body = {}, signal) => (await send('POST', path, body, signal)).json();
/** @param {string} path */
const remove = async (path) => void await send('DELETE', path);
/** @param {string} text */
const part = (text) => encodeURIComponent(text);

/** What can be asked for. */
export const options = () => get('options');

/**
 * The pieces of a request, as they come.
 * @param {any} request @param {AbortSignal} [signal]
 */
export async function* compose(request, signal) {
  const answer = await send('POST', 'compose', request, signal);
  for await (const line of lines(answer)) {
    const piece = JSON.parse(line);
    if (piece.error) throw new Refusal(piece.error.message, 422, piece.error.field ?? '', piece);
    if (piece.done) return;
    yield piece;
  }
}

/** @param {Response} answer */
async function* lines(answer) {
  const reader = /** @type {any} */ (answer.body).pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const parts = (rest + value).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) if (line.trim()) yield line;
  }
  if (rest.trim()) yield rest;
}

/** The first piece of a request. @param {any} request @param {AbortSignal} [signal] */
export async function compose_one(request, signal) {
  for await (const piece of compose({ ...request, number: 1 }, signal)) return piece;
  throw new Refusal(words.nothing_composed, 422, '', undefined);
}

/** @param {string} abc @param {AbortSignal} [signal] */
export const check = (abc, signal) => post('check', { abc }, signal);
/** @param {{abc: string, chords?: boolean, title?: boolean, width?: number}} asked @param {AbortSignal} [signal] */
export const score = (asked, signal) => post('score', asked, signal);
/** @param {string} abc @param {AbortSignal} [signal] */
export const notes = (abc, signal) => post('notes', { abc }, signal);
/** @param {any} asked */
export const transpose = (asked) => post('transpose', asked);
/** @param {string} instrument @param {number} pitch */
export const sound_url = (instrument, pitch) => `/api/sounds/${part(instrument)}/${pitch}.wav`;

/** A file made of a tune. @param {any} asked */
export async function export_tune(asked) {
  return file_of(await send('POST', 'export', asked), `tune.${asked.format}`);
}

/** @param {Response} answer @param {string} otherwise */
async function file_of(answer, otherwise) {
  const header = answer.headers.get('Content-Disposition') ?? '';
  const found = /filename\*=UTF-8''([^;]+)/i.exec(header);
  const plain = /filename="([^"]*)"/i.exec(header);
  const name = found ? decodeURIComponent(found[1]) : plain ? plain[1] : otherwise;
  return { blob: await answer.blob(), name };
}

/** @param {Record<string, any>} asked @param {AbortSignal} [signal] */
export const book = (asked, signal) => get(`book?${query_of(asked)}`, signal);
/** @param {Record<string, any>} asked */
const query_of = (asked) => new URLSearchParams(Object.entries(asked).filter(([, value]) => value).map(([name, value]) => [name, String(value)]));
export const tags = () => get('book/tags');
/** @param {any} tune */
export const add_to_book = (tune) => post('book', tune);
/** @param {string} id */
export const from_book = (id) => get(`book/${part(id)}`);
/** @param {string} id @param {any} tune */
export const change_in_book = async (id, tune) => (await send('PUT', `book/${part(id)}`, tune)).json();
/** @param {string} id */
export const delete_from_book = (id) => remove(`book/${part(id)}`);
/** Takes a deleted tune back. @param {string} id */
export const restore_in_book = (id) => post(`book/${part(id)}/restore`, { revision: 0 });
/** @param {string} text */
export const import_to_book = (text) => post('book/import', { text });
/** @param {string} id */
export const near = (id) => get(`book/${part(id)}/near`);
/** The tunes that are found, as a file. @param {string} format @param {Record<string, any>} asked */
export async function export_book(format, asked) {
  return file_of(await send('GET', `book/export.${format}?${query_of(asked)}`), `tunes.${format}`);
}

export const collections = () => get('collections');
/** @param {string} name @param {{name: string, text: string}[]} files */
export const add_collection = (name, files) => post('collections', { name, files });
/** @param {string} name */
export const delete_collection = (name) => remove(`collections/${part(name)}`);
/** @param {string[]} collections */
export const presets = (collections) => get(`lesson-presets?${new URLSearchParams({ collections: collections.join(',') })}`);
export const lessons = () => get('lessons');
/** @param {string} id */
export const lesson = (id) => get(`lessons/${part(id)}`);
/** @param {any} asked */
export const learn = (asked) => post('lessons', asked);
/** @param {string} id */
export const stop_lesson = (id) => post(`lessons/${part(id)}/stop`);
/** @param {string} id */
export const resume_lesson = (id) => post(`lessons/${part(id)}/resume`);
/** @param {string} id */
export const delete_lesson = (id) => remove(`lessons/${part(id)}`);
export const models = () => get('models');
/** @param {string} name @param {any} asked */
export const evaluate = (name, asked) => post(`models/${part(name)}/evaluate`, asked);
/** @param {string} name @param {any} asked */
export const compare = (name, asked) => post(`models/${part(name)}/compare`, asked);
/** @param {string} name */
export async function export_model(name) {
  return file_of(await send('GET', `models/${part(name)}/export`), `${name}.safetensors`);
}
