// Directions in W as sliders, in spreads of the styles.

import { slider } from "./slider.js";
import { FURTHEST } from "./state.js";

const element = (id) => document.getElementById(id);

export function connect(page) {
  const { directions } = page.model;
  const section = element("directions");
  const reset = element("directions-reset");
  section.hidden = !directions.length;
  const sliders = directions.map(({ name }, index) =>
    slider(
      name.replaceAll("_", " "),
      { least: -FURTHEST, most: FURTHEST, step: 0.1, rest: 0 },
      (value) => (value > 0 ? "+" : "") + value.toFixed(1),
      (value) => page.change({
        directions: page.state.directions.with(index, value),
      }),
    ),
  );
  section.append(...sliders.map(({ root }) => root));
  reset.onclick = () =>
    page.change({ directions: directions.map(() => 0) });
  return (state) => {
    sliders.forEach(({ render }, i) => render(state.directions[i]));
    reset.hidden = state.directions.every((amount) => !amount);
  };
}
