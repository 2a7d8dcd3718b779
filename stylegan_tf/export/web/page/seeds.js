// The seed: a number, the next one, any one; keys and a tap on the picture.

import { LARGEST_SEED, anySeed } from "./random.js";

const element = (id) => document.getElementById(id);

export function connect(page) {
  const choose = (seed) => {
    page.change({ seed });
    page.say(`Seed ${seed}`, true);
  };
  const step = (by) => {
    const count = LARGEST_SEED + 1;
    choose((page.state.seed + by + count) % count);
  };
  const another = () => choose(anySeed());

  element("previous").onclick = () => step(-1);
  element("next").onclick = () => step(1);
  element("random").onclick = another;
  element("picture").onclick = another;
  const render = numberField(element("seed"), choose, page.say);

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, select, textarea")) return;
    if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "ArrowRight") step(1);
    else if (event.key !== " ") return;
    else if (event.target.closest?.("button")) return; // it is pressed
    else another();
    event.preventDefault();
  });
  return (state) => render(state.seed);
}

// A field for a seed: anything else goes back to what was there, and
// say(text) says why. Returns what shows a seed in it.
export function numberField(input, choose, say) {
  let last = "";
  input.onchange = () => {
    const text = input.value.trim();
    const seed = Number(text);
    if (/^\d+$/.test(text) && seed <= LARGEST_SEED) return choose(seed);
    input.value = last;
    say(`A seed is a whole number from 0 to ${LARGEST_SEED}.`);
  };
  input.onkeydown = (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    input.value = Math.min(Math.max(Number(last) + by, 0), LARGEST_SEED);
    input.onchange();
  };
  return (seed) => {
    last = String(seed ?? "");
    input.value = last;
  };
}
