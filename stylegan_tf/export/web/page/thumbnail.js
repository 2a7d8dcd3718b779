// Small pictures of seeds as they are by themselves, not mixed, not moved.

import { toImageData } from "./pixels.js";

const CALM = 150; // milliseconds after the last change

// What shows a seed, in a state, on a canvas.
export function thumbnail(page, canvas) {
  let drawn = "";
  let timer = null;
  return (seed, state) => {
    const alone = {
      ...state, seed, mix: null, layers: [], walk: [],
      directions: state.directions.map(() => 0),
    };
    const key = JSON.stringify(alone);
    if (key === drawn) return;
    drawn = key;
    canvas.setAttribute("aria-label", `Seed ${seed}`);
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const picture = await page.network.make(alone).catch(page.fail);
      if (!picture || key !== drawn) return;
      [canvas.height, canvas.width] = picture.shape;
      canvas.getContext("2d").putImageData(toImageData(picture), 0, 0);
    }, CALM);
  };
}
