// The large picture.

import { areBoxes, toImageData } from "./pixels.js";

const canvas = document.getElementById("canvas");
const frame = document.getElementById("picture");

// Keeps the picture's place before there is one.
export function prepare(shape) {
  const [height, width] = shape;
  [canvas.width, canvas.height] = [width, height];
  canvas.classList.toggle("pixelated", areBoxes(shape));
  canvas.classList.add("waiting");
  canvas.style.setProperty("--ratio", width / height);
  // Every pixel of the picture on as many pixels of the screen.
  const fit = () => {
    const step = areBoxes(shape) ? width / devicePixelRatio : 1;
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
