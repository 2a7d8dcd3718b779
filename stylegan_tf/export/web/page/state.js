// What is shown, as the page's address says it: a link is a picture.
//
// #seed=5&psi=0.7&cutoff=4&class=2&noise=0&mix=17&layers=0-3,8
//     &direction=smile:1.5&walk=5,17,23
// Nonsense is left out, and told; what is missing has its default.

import { LARGEST_SEED, anySeed } from "./random.js";

export const PSI = { least: -1, most: 1.5, usual: 0.7 };
export const FURTHEST = 3; // spreads, along a direction
export const MOST_STOPS = 12; // of a walk
const LONGEST = 1 << 14; // characters of an address
const DIGITS = 1e4; // as 0.0001: what addresses keep of a number
const NOISE = new Map(
  [["1", true], ["const", true], ["0", false], ["none", false]],
);

// The state of an address, for a network as model.json describes it.
// wrong: a list that gets a sentence for every part that says nothing.
export function fromAddress(hash, model, wrong = []) {
  const isLong = hash.length > LONGEST;
  if (isLong) wrong.push("The link is too long.");
  const given = new URLSearchParams(isLong ? "" : hash.replace(/^#/, ""));
  // What is given, as read(text) has it; null if there is none or it is wrong.
  const known = (text, read, told) => {
    const value = text === null ? null : read(text) ?? null;
    if (text !== null && value === null) wrong.push(told);
    return value;
  };
  const number = (name, least, most) =>
    known(
      given.get(name), (text) => within(text, least, most),
      `In a link ${name} is a number from ${least} to ${most}.`,
    );
  const count = (name, most) =>
    known(
      given.get(name), (text) => whole(text, most),
      `In a link ${name} is a whole number from 0 to ${most}.`,
    );
  const seed = (text) =>
    known(
      text, (each) => whole(each, LARGEST_SEED),
      `A seed is a whole number from 0 to ${LARGEST_SEED}.`,
    );
  const layers = model.num_ws;
  const walk = given.get("walk")?.split(",") ?? [];
  if (walk.length > MOST_STOPS) {
    wrong.push(`A walk has ${MOST_STOPS} seeds at most.`);
  }
  const state = {
    seed: seed(given.get("seed")) ?? anySeed(),
    psi: 1,
    cutoff: layers,
    class: 0,
    noise: true,
    mix: null,
    layers: [],
    directions: model.directions.map(() => 0),
    walk: walk
      .slice(0, MOST_STOPS)
      .map(seed)
      .filter((each) => each !== null),
  };
  if (model.can_truncate) {
    state.psi = number("psi", PSI.least, PSI.most) ?? PSI.usual;
    state.cutoff = count("cutoff", layers) ?? layers;
  }
  if (model.label_size) {
    state.class = count("class", model.label_size - 1) ?? 0;
  }
  if (model.has_noise) {
    const told = "In a link noise is 1, or 0 for none.";
    const noise = known(given.get("noise"), (text) => NOISE.get(text), told);
    state.noise = noise ?? true;
  }
  if (canMix(model)) {
    state.mix = seed(given.get("mix"));
    state.layers = layersOf(given.get("layers") ?? "", layers, wrong);
  }
  for (const text of given.getAll("direction")) {
    const [, name, amount] = /^(.*):([^:]*)$/s.exec(text) ?? [];
    const index = model.directions.findIndex((each) => each.name === name);
    const value = within(amount, -FURTHEST, FURTHEST);
    if (index >= 0 && value !== null) state.directions[index] = value;
    else if (index >= 0) {
      wrong.push(`A direction goes from -${FURTHEST} to ${FURTHEST}.`);
    } else {
      const shown = (name ?? text).slice(0, 40);
      wrong.push(`This page has no direction “${shown}”.`);
    }
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

function layersOf(text, count, wrong) {
  const chosen = new Set();
  let isRight = true;
  for (const range of text ? text.split(",") : []) {
    const [, first, last] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(range) ?? [];
    const end = +(last ?? first);
    isRight &&= +first <= end && end < count;
    for (let layer = +first; layer <= Math.min(end, count - 1); layer++) {
      chosen.add(layer);
    }
  }
  if (!isRight) wrong.push(`The layers of this network are 0-${count - 1}.`);
  return [...chosen].sort((a, b) => a - b);
}

function whole(text, most) {
  return /^\d{1,10}$/.test(text) ? within(text, 0, most) : null;
}

function within(text, least, most) {
  if (!/^-?\d{0,10}(\.\d{0,10})?$/.test(text ?? "") || !/\d/.test(text)) {
    return null;
  }
  const number = Math.round(Number(text) * DIGITS) / DIGITS + 0; // no -0
  return number >= least && number <= most ? number : null;
}
