// How the page starts, and what its parts share.

import * as directing from "./directing.js";
import * as looks from "./looks.js";
import * as mixing from "./mixing.js";
import * as network from "./network.js";
import * as offline from "./offline.js";
import * as saving from "./saving.js";
import * as seeds from "./seeds.js";
import * as stage from "./stage.js";
import * as walking from "./walking.js";
import { found } from "./fetching.js";
import { offer, stop } from "./notice.js";
import { remember } from "./store.js";

const PARTS = [seeds, looks, directing, mixing, walking, saving];
const WARM = 5; // pictures, after which their time says something
const RUNTIMES = ["webgpu", "wasm"]; // ?runtime=wasm asks for one

const element = (id) => document.getElementById(id);

async function start() {
  if (typeof WebAssembly !== "object") {
    stop(
      "This browser has no WebAssembly",
      "The network runs in it. It may be switched off, as in a lockdown mode.",
    );
    return;
  }
  const asked = new URLSearchParams(location.search).get("runtime");
  const wanted = RUNTIMES.includes(asked) ? asked : null;
  if (asked && !wanted) say(`The runtimes are ${RUNTIMES.join(" and ")}.`);
  const description = describe();
  const opening = network.open(description, wanted, showProgress);
  const [model, opened] = await Promise.all([description, opening]);
  await run(model, opened);
  offline.keep(opened.used);
}

// The name of the network and the place of its pictures, before it is here.
async function describe() {
  const address = new URL("./model/model.json", import.meta.url);
  const response = await found(address);
  const model = await response.json().catch(() => null);
  if (!model?.image_shape || !model.directions) {
    throw new Error("model/model.json is damaged. Upload the folder again.");
  }
  element("name").textContent = document.title = model.name;
  stage.prepare(model.image_shape);
  return model;
}

// What is only for those who do not see it happen is `unseen`.
function say(text, unseen = false) {
  element("status").textContent = text;
  element("status").classList.toggle("unseen", unseen);
}

function showProgress(share) {
  element("progress").value = share;
  const percent = Math.round(share * 100);
  element("share-loaded").textContent = `Loading the network, ${percent} %`;
}

// Connects the parts of the page; each has `connect(page)` and gives what is
// to be called with every state.
function run(model, opened) {
  let drawn = 0;
  const page = {
    model,
    network: opened,
    shown: null, // {picture, state}: what is on the stage
    walking: null, // else the walk that draws
    get state() {
      return store.state;
    },
    change: (fields) => store.change(fields),
    // Stops a walk at the seed that is nearest: the address is the picture.
    halt() {
      if (!page.walking) return;
      page.walking = null;
      page.change({ seed: (page.shown ?? page).state.seed });
    },
    link() {
      page.halt();
      return store.link();
    },
    draw(picture, state) {
      stage.draw(picture, `Seed ${state.seed}`);
      page.shown = { picture, state, isOnWay: page.walking !== null };
      const time = Math.max(Math.round(picture.milliseconds), 1);
      const pace = ++drawn < WARM ? "" : `, ${time} ms a picture`;
      element("runtime").textContent = `Runs on ${picture.runtime}${pace}`;
    },
    say,
    fail(error) {
      stop("The network stopped", error.message);
    },
  };
  const renders = [];
  const store = remember(model, (state) => {
    page.say("");
    renders.forEach((render) => render(state));
    refresh(state);
  }, say);

  async function refresh(state) {
    if (page.walking) return;
    stage.wait();
    try {
      const picture = await opened.show(state);
      if (picture && !page.walking) page.draw(picture, state);
    } catch (error) {
      page.fail(error);
    }
  }

  renders.push(...PARTS.map((part) => part.connect(page)));
  renders.forEach((render) => render(store.state));
  for (const id of ["seeds", "saving", "controls"]) element(id).hidden = false;
  element("loading").hidden = true;
  element("picture").disabled = false;
  return refresh(store.state);
}

start().catch((error) => {
  stop("The network cannot be loaded", error.message);
  if (location.search === "?runtime=webgpu") {
    offer("Open it with WebAssembly", `?runtime=wasm${location.hash}`);
  }
});
