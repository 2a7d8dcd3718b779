// The network as the page sees it: pictures of states, from a worker.

// Starts the worker; an open network makes one picture at a time.
//
// description: model.json, or a promise of it: the worker starts meanwhile.
// wanted: as in runtime.js.
//
// - show(state, place): the picture, or null if another one was asked for
//   meanwhile: dragging a slider makes no queue.
// - make(state, place): the picture for sure, after those before it.
// - used(): the addresses that were fetched.
export async function open(description, wanted, onProgress) {
  const ask = caller(onProgress);
  await Promise.all([
    ask("open", { wanted }),
    Promise.resolve(description).then((model) => ask("describe", { model })),
  ]);
  const sure = [];
  let newest = null;
  let isBusy = false;

  async function work() {
    if (isBusy) return;
    isBusy = true;
    for (let job; (job = newest ?? sure.shift()); ) {
      if (job === newest) newest = null;
      await ask("picture", job.inputs).then(job.resolve, job.reject);
    }
    isBusy = false;
  }

  function asked(inputs, enter) {
    return new Promise((resolve, reject) => {
      enter({ inputs, resolve, reject });
      work();
    });
  }

  return {
    show: (state, place = null) =>
      asked({ state, place }, (job) => {
        newest?.resolve(null);
        newest = job;
      }),
    make: (state, place = null) =>
      asked({ state, place }, (job) => sure.push(job)),
    used: () => ask("used"),
  };
}

// A function that calls the worker and waits for its answer.
function caller(onProgress) {
  const address = new URL("./worker.js", import.meta.url);
  const worker = new Worker(address, { type: "module" });
  const waiting = new Map();
  let count = 0;
  worker.onmessage = ({ data: { id, progress, result, error } }) => {
    if (progress !== undefined) return onProgress(progress);
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  };
  worker.onerror = () => {
    const error = new Error("The worker of this page did not start.");
    for (const { reject } of waiting.values()) reject(error);
  };
  return (call, inputs) =>
    new Promise((resolve, reject) => {
      waiting.set(++count, { resolve, reject });
      worker.postMessage({ id: count, call, ...inputs });
    });
}
