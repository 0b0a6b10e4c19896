// What runs on the worker: lilt.js, asked by messages.
import { LiltError, load } from './lilt.js';

const kThreads = 'node:worker_threads';  // by a name that bundlers leave alone

let lilt = null;
const models = new Map();
const under_way = new Map();  // by the number of the question: how to call it off
let last = 0;

function model_of(id) {
  const model = models.get(id);
  if (model === undefined) throw new LiltError('wrong-input', 'expected an open model, found a closed one');
  return model;
}

async function pieces(id, model, request, tell) {
  const control = new AbortController();
  under_way.set(id, control);
  try {
    for await (const piece of model.pieces(request, { signal: control.signal })) tell({ id, piece });
  } catch (error) {
    if (!control.signal.aborted) throw error;
  } finally {
    under_way.delete(id);
  }
}

async function answer({ id, does, model, given = [] }, tell) {
  switch (does) {
    case 'load':
      lilt = await load(given[0]);
      return lilt.version;
    case 'open':
      models.set(++last, await lilt.open(...given));
      return last;
    case 'describe':
      return model_of(model).describe();
    case 'pieces':
      return pieces(id, model_of(model), given[0], tell);
    case 'close':
      models.get(model)?.close();
      models.delete(model);
      return undefined;
    default:
      return lilt[does](...given);
  }
}

async function hear(question, tell) {
  const { id } = question;
  if (question.cancel) {
    under_way.get(id)?.abort();
    return;
  }
  try {
    tell({ id, value: await answer(question, tell) });
  } catch (error) {
    const { code, field } = error instanceof LiltError ? error : { code: 'failed', field: '' };
    tell({ id, error: { code, message: error.message, field } });
  }
}

if (typeof WorkerGlobalScope === 'function') {
  self.onmessage = (event) => hear(event.data, (message) => self.postMessage(message));
} else {
  import(/* @vite-ignore */ /* webpackIgnore: true */ kThreads).then(({ parentPort }) => {
    parentPort.on('message', (question) => hear(question, (message) => parentPort.postMessage(message)));
  });
}
