// The large picture.

import { toImageData } from "./pixels.js";

const PIXELATED = 32; // pictures up to this side show their pixels as boxes

const canvas = document.getElementById("canvas");
const frame = document.getElementById("picture");

// Keeps the picture's place before there is one.
export function prepare([height, width]) {
  [canvas.width, canvas.height] = [width, height];
  const isSmall = Math.max(width, height) <= PIXELATED;
  canvas.classList.toggle("pixelated", isSmall);
  canvas.classList.add("waiting");
  canvas.style.setProperty("--ratio", width / height);
  // Every pixel of the picture on as many pixels of the screen.
  const fit = () => {
    const step = isSmall ? width / devicePixelRatio : 1;
    canvas.style.setProperty("--step", `${step}px`);
  };
  addEventListener("resize", fit);
  fit();
}

// Says that another picture is on its way.
export function wait() {
  frame.ariaBusy = true;
}

export function draw(picture, label) {
  canvas.getContext("2d").putImageData(toImageData(picture), 0, 0);
  canvas.setAttribute("aria-label", label);
  canvas.classList.remove("waiting");
  frame.ariaBusy = false;
}
