// A walk from seed to seed and back to the first: played, or made a film.

import { animation } from "./png.js";
import { anySeed } from "./random.js";
import { download } from "./saving.js";
import { MOST_STOPS } from "./state.js";
import { thumbnail } from "./thumbnail.js";
import { film } from "./video.js";

const SECONDS = 2; // from seed to seed
const FRAMES_PER_SECOND = 25;
const FEW = 4; // stops, where nobody chose

const element = (id) => document.getElementById(id);

export function connect(page) {
  const renderStops = stops(page);
  const renderAdd = [
    adder(page, element("add"), () => page.state.seed),
    adder(page, element("add-random"), anySeed),
  ];
  element("walk-clear").onclick = () => {
    page.walking = null;
    page.change({ walk: [] });
  };

  const play = () => (page.walking ? page.halt() : walk(page));
  element("play").onclick = play;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "p" && event.key !== "P") return;
    if (!event.target.closest?.("input, select")) play();
  });
  connectFilm(page);

  let seed = page.state.seed;
  return (state) => {
    if (state.seed !== seed || state.walk.length < 2) page.walking = null;
    seed = state.seed;
    renderStops(state);
    renderAdd.forEach((render) => render(state));
    element("walk-clear").hidden = !state.walk.length;
    element("film").hidden = state.walk.length < 2;
    renderPlay(page);
  };
}

// A button that puts a seed at the end of the walk, while there is room.
function adder(page, button, seed) {
  const { title } = button;
  button.onclick = () => {
    page.halt();
    page.change({ walk: [...page.state.walk, seed()] });
  };
  return ({ walk }) => {
    button.disabled = walk.length >= MOST_STOPS;
    button.title = button.disabled
      ? `A walk has ${MOST_STOPS} seeds at most`
      : title;
  };
}

// Where the walk is `steps` after its first stop; it rests at every stop.
export function placeAt(seeds, steps) {
  const index = Math.floor(steps) % seeds.length;
  const part = steps % 1;
  return {
    from: seeds[index],
    to: seeds[(index + 1) % seeds.length],
    share: part * part * (3 - 2 * part),
  };
}

async function walk(page) {
  if (page.state.walk.length < 2) {
    const seeds = page.state.walk.length ? page.state.walk : [page.state.seed];
    while (seeds.length < FEW) seeds.push(anySeed());
    page.change({ walk: [...seeds] });
  }
  // One that is stopped may still wait for its picture when another begins.
  const own = (page.walking = {});
  renderPlay(page);
  const begun = performance.now();
  try {
    while (page.walking === own) {
      const steps = (performance.now() - begun) / 1000 / SECONDS;
      const { state } = page;
      const place = placeAt(state.walk, steps);
      const picture = await page.network.show(state, place);
      if (page.walking !== own) break;
      const nearest = place.share < 0.5 ? place.from : place.to;
      if (picture) page.draw(picture, { ...state, seed: nearest });
      await new Promise(requestAnimationFrame);
    }
  } catch (error) {
    page.fail(error);
  }
}

function renderPlay(page) {
  element("play").textContent = page.walking ? "Stop" : "Play";
}

// The list of seeds: a tap shows one, the cross takes it out.
function stops(page) {
  const list = element("stops");
  let shown = "";
  let thumbnails = [];

  function item(seed, index) {
    const canvas = document.createElement("canvas");
    canvas.className = "thumb";
    canvas.role = "img";
    const show = document.createElement("button");
    Object.assign(show, { type: "button", className: "stop" });
    show.ariaLabel = `Show seed ${seed}`;
    show.append(canvas, String(seed));
    show.onclick = () => page.change({ seed });
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", textContent: "×" });
    remove.ariaLabel = `Take seed ${seed} out of the walk`;
    remove.className = "remove";
    remove.onclick = () => {
      page.change({ walk: page.state.walk.toSpliced(index, 1) });
    };
    const root = document.createElement("li");
    root.append(show, remove);
    thumbnails.push(thumbnail(page, canvas));
    return root;
  }

  return (state) => {
    const key = state.walk.join();
    if (key !== shown) {
      thumbnails = [];
      list.replaceChildren(...state.walk.map(item));
      shown = key;
    }
    thumbnails.forEach((render, i) => render(state.walk[i], state));
  };
}

function connectFilm(page) {
  const button = element("film");
  const progress = element("film-progress");
  let isMaking = false;
  button.onclick = async () => {
    if (isMaking) {
      isMaking = false;
      return;
    }
    isMaking = true;
    button.textContent = "Cancel";
    progress.hidden = false;
    try {
      const done = await filmOf(page, (share) => {
        progress.value = share;
        return isMaking;
      });
      if (done) download(done.blob, `${page.model.name}-walk.${done.suffix}`);
      page.say(done ? "The walk is downloaded." : "");
    } catch (error) {
      page.say(`The walk could not be made: ${error.message}`);
    }
    isMaking = false;
    progress.hidden = true;
    button.textContent = "Download the walk";
  };
}

// {blob, suffix} of the walk of a page's state, or null if it was cancelled.
// goesOn(share): told how far it is, says whether to go on.
export async function filmOf(page, goesOn) {
  const { state, model, network } = page;
  const steps = SECONDS * FRAMES_PER_SECOND;
  const count = state.walk.length * steps;
  const made =
    (await film(model.image_shape, FRAMES_PER_SECOND)) ??
    animation(model.image_shape, FRAMES_PER_SECOND);
  try {
    for (let frame = 0; frame < count; frame++) {
      if (!goesOn(frame / count)) return null;
      const place = placeAt(state.walk, frame / steps);
      await made.add(await network.make(state, place));
    }
    return { blob: await made.finish(), suffix: made.suffix };
  } finally {
    made.close();
  }
}
