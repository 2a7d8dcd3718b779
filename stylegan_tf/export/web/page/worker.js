// Runs the network beside the page, so that the page never waits for it.
//
// It is told {id, call, ...} and answers {id, result} or {id, error}; while it
// loads it also says {progress: 0 ... 1}.

import { normal } from "./random.js";
import { mix, move, slerp, truncate } from "./styles.js";
import { load } from "./runtime.js";
import { toBytes } from "./pixels.js";

let model, sessions;

const calls = {
  async open({ wanted }) {
    sessions = await load(wanted, (progress) => self.postMessage({ progress }));
  },

  describe(inputs) {
    model = inputs.model;
  },

  used() {
    const fetched = performance.getEntriesByType("resource");
    return fetched.map((entry) => entry.name);
  },

  // The picture of a state; see `made`.
  async picture({ state, place }) {
    try {
      return await made(state, place);
    } catch (error) {
      if (sessions.runtime !== "WebGPU") throw error;
      sessions = await load("wasm", () => {}); // a graphics processor gave up
      return made(state, place);
    }
  },
};

self.onmessage = async ({ data: { id, call, ...inputs } }) => {
  try {
    self.postMessage({ id, result: await calls[call](inputs) });
  } catch (error) {
    self.postMessage({ id, error: error.message ?? String(error) });
  }
};

// Bytes [H, W, C], the styles ws [L, D] they are made of, and how it went.
// place: {from, to, share} between two seeds, instead of the state's seed.
async function made(state, place) {
  const started = performance.now();
  const ws = await styles(state, place);
  const bytes = toBytes(await synthesize(ws, state.noise));
  const milliseconds = performance.now() - started;
  const { runtime } = sessions;
  return { bytes, shape: model.image_shape, ws, runtime, milliseconds };
}

// Truncated, then mixed, then moved: the order of tools.generate.
async function styles(state, place) {
  const z = place
    ? slerp(latent(place.from), latent(place.to), place.share)
    : latent(state.seed);
  let ws = await mapped(z, state);
  if (state.mix !== null && state.layers.length) {
    const others = await mapped(latent(state.mix), state);
    ws = mix(ws, others, state.layers, model.w_size);
  }
  state.directions.forEach((amount, i) => {
    if (amount) ws = move(ws, model.directions[i], amount);
  });
  return ws;
}

function latent(seed) {
  return normal(seed, model.z_size);
}

async function mapped(z, state) {
  const inputs = { z: tensor(z, model.z_size) };
  if (model.label_size) {
    const label = new Float32Array(model.label_size);
    label[state.class] = 1;
    inputs.label = tensor(label, model.label_size);
  }
  const { ws } = await run(sessions.mapping, inputs);
  if (!model.can_truncate) return ws;
  return truncate(ws, model.w_avg, state.psi, state.cutoff);
}

async function synthesize(ws, hasNoise) {
  const inputs = { ws: tensor(ws, model.num_ws, model.w_size) };
  if (model.has_noise) {
    const strength = Float32Array.of(hasNoise ? 1 : 0);
    inputs.noise_strength = new sessions.ort.Tensor(strength, [1]);
  }
  return (await run(sessions.synthesis, inputs)).images;
}

function tensor(values, ...shape) {
  return new sessions.ort.Tensor("float32", values, [1, ...shape]);
}

// What a session gives, by name, as arrays that are the caller's.
async function run(session, inputs) {
  const outputs = await session.run(inputs);
  const arrays = {};
  for (const [name, output] of Object.entries(outputs)) {
    arrays[name] = Float32Array.from(await output.getData(true));
  }
  return arrays;
}
