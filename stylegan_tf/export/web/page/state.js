// What is shown, as the page's address says it: a link is a picture.
//
// #seed=5&psi=0.7&cutoff=4&class=2&noise=0&mix=17&layers=0-3,8
//     &direction=smile:1.5&walk=5,17,23
// Nonsense is left out; what is missing has its default.

import { LARGEST_SEED, anySeed } from "./random.js";

export const PSI = { least: -1, most: 1.5, usual: 0.7 };
export const FURTHEST = 3; // spreads, along a direction
export const MOST_STOPS = 12; // of a walk

// The state of an address, for a network as model.json describes it.
export function fromAddress(hash, model) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (name, least, most, usual) =>
    within(given.get(name), least, most) ?? usual;
  const seed = (text) => whole(text, 0, LARGEST_SEED);
  const layers = model.num_ws;
  const state = {
    seed: seed(given.get("seed")) ?? anySeed(),
    psi: 1,
    cutoff: layers,
    class: 0,
    noise: true,
    mix: null,
    layers: [],
    directions: model.directions.map(() => 0),
    walk: (given.get("walk") ?? "")
      .split(",")
      .map(seed)
      .filter((each) => each !== null)
      .slice(0, MOST_STOPS),
  };
  if (model.can_truncate) {
    state.psi = number("psi", PSI.least, PSI.most, PSI.usual);
    state.cutoff = whole(given.get("cutoff"), 0, layers) ?? layers;
  }
  if (model.label_size) {
    state.class = whole(given.get("class"), 0, model.label_size - 1) ?? 0;
  }
  if (model.has_noise) state.noise = given.get("noise") !== "0";
  if (canMix(model)) {
    state.mix = seed(given.get("mix"));
    state.layers = layersOf(given.get("layers") ?? "", layers);
  }
  for (const text of given.getAll("direction")) {
    const [, name, amount] = /^(.*):([^:]*)$/s.exec(text) ?? [];
    const index = model.directions.findIndex((each) => each.name === name);
    const value = within(amount, -FURTHEST, FURTHEST);
    if (index >= 0 && value !== null) state.directions[index] = value;
  }
  return state;
}

// The address of a state, from # on.
export function toAddress(state, model) {
  const said = [["seed", state.seed]];
  if (model.can_truncate) said.push(["psi", state.psi]);
  if (state.cutoff < model.num_ws) said.push(["cutoff", state.cutoff]);
  if (model.label_size) said.push(["class", state.class]);
  if (!state.noise) said.push(["noise", 0]);
  if (state.mix !== null) {
    said.push(["mix", state.mix], ["layers", rangesOf(state.layers)]);
  }
  model.directions.forEach(({ name }, i) => {
    const amount = state.directions[i];
    if (amount) said.push(["direction", `${name}:${amount}`]);
  });
  if (state.walk.length) said.push(["walk", state.walk.join(",")]);
  const escaped = said.map(([name, value]) => {
    const text = encodeURIComponent(value).replace(/%2C/g, ",");
    return `${name}=${text.replace(/%3A/g, ":")}`;
  });
  return `#${escaped.join("&")}`;
}

// Whether layers have styles of their own to be exchanged.
export function canMix(model) {
  return model.layer_resolutions.filter(Boolean).length > 1;
}

// "0-2,5" of [0, 1, 2, 5].
export function rangesOf(layers) {
  const ranges = [];
  for (const layer of layers) {
    const open = ranges.at(-1);
    if (open && open[1] === layer - 1) open[1] = layer;
    else ranges.push([layer, layer]);
  }
  return ranges
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(",");
}

function layersOf(text, count) {
  const chosen = new Set();
  for (const range of text.split(",")) {
    const [, first, last] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(range) ?? [];
    for (let layer = +first; layer <= +(last ?? first); layer++) {
      if (layer < count) chosen.add(layer);
    }
  }
  return [...chosen].sort((a, b) => a - b);
}

function whole(text, least, most) {
  return /^\d{1,10}$/.test(text ?? "") ? within(text, least, most) : null;
}

function within(text, least, most) {
  if (!/^-?\d{0,10}(\.\d{0,10})?$/.test(text ?? "") || !/\d/.test(text)) {
    return null;
  }
  const number = Number(text);
  return number >= least && number <= most ? number : null;
}
