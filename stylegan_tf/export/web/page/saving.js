// What a person takes along: the link, the picture, the latent.

import { npz } from "./npz.js";
import { still } from "./png.js";

const element = (id) => document.getElementById(id);

export function connect(page) {
  const { name, num_ws: layers, w_size: width } = page.model;
  // A picture between two seeds is that of no seed.
  const called = ({ state, isOnWay }) =>
    `${name}-${isOnWay ? "walk" : "seed"}${state.seed}`;

  element("png").onclick = async () => {
    const { shown } = page; // a walk goes on meanwhile
    if (!shown) return;
    download(await still(shown.picture), `${called(shown)}.png`);
    page.say("The picture is downloaded.");
  };
  element("latent").onclick = () => {
    const { shown } = page;
    if (!shown) return;
    const address = shown.isOnWay ? null : page.link();
    const bytes = npz({
      ws: { shape: [1, layers, width], data: shown.picture.ws },
      about_json: JSON.stringify({ network: name, address }),
    });
    download(new Blob([bytes]), `${called(shown)}.npz`);
    const noise = shown.state.noise ? "" : " --noise=none";
    page.say(`Saved. Go on with tools.generate --ws=FILE${noise}.`);
  };
  element("link").textContent = navigator.share ? "Share" : "Copy link";
  element("link").onclick = () => share(page);
  return () => {};
}

async function share(page) {
  const url = page.link();
  try {
    if (navigator.share) {
      await navigator.share({ title: page.model.name, url });
    } else {
      await navigator.clipboard.writeText(url);
      page.say("The link to this picture is copied.");
    }
  } catch (error) {
    if (error.name !== "AbortError") {
      page.say("The link to this picture is in the address bar.");
    }
  }
}

export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
