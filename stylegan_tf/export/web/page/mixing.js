// Style mixing: some layers take their style from another seed.

import { anySeed } from "./random.js";
import { groupsOf } from "./groups.js";
import { numberField } from "./seeds.js";
import { canMix } from "./state.js";
import { thumbnail } from "./thumbnail.js";

const element = (id) => document.getElementById(id);

export function connect(page) {
  const { model } = page;
  if (!canMix(model)) return () => {};
  element("mixing").hidden = false;
  const groups = groupsOf(model.layer_resolutions);
  const renderChips = chips(page, groups);
  const renderLayers = strip(page);
  const renderThumbnail = thumbnail(page, element("mix-picture"));
  const renderSeed = numberField(
    element("mix-seed"), (mix) => page.change({ mix }), page.say,
  );

  element("mix-begin").onclick = () => {
    page.change({ mix: anySeed(), layers: groups[0].layers });
    element("mix-random").focus();
  };
  element("mix-random").onclick = () => page.change({ mix: anySeed() });
  element("mix-end").onclick = () => {
    page.change({ mix: null, layers: [] });
    element("mix-begin").focus();
  };

  return (state) => {
    const isMixed = state.mix !== null;
    element("mix-begin").hidden = isMixed;
    element("mix-on").hidden = element("mix-end").hidden = !isMixed;
    if (!isMixed) return;
    renderSeed(state.mix);
    renderChips(state);
    renderLayers(state);
    renderThumbnail(state.mix, state);
  };
}

// A button for each group: all its layers, or none of them.
function chips(page, groups) {
  const row = element("mix-groups");
  const buttons = groups.map(({ name, layers }) => {
    const button = toggle(name, () => {
      const isOn = button.getAttribute("aria-pressed") === "true";
      choose(page, layers, !isOn);
    });
    button.className = "chip";
    return button;
  });
  row.append(...buttons);
  return (state) => {
    groups.forEach(({ layers }, i) => {
      const isOn = layers.every((layer) => state.layers.includes(layer));
      buttons[i].setAttribute("aria-pressed", isOn);
    });
  };
}

// A button for each layer; a pointer that is drawn across them paints.
function strip(page) {
  const row = element("mix-layers");
  const { layer_resolutions: resolutions } = page.model;
  const isOn = (layer) => page.state.layers.includes(layer);
  const buttons = resolutions.map((resolution, layer) => {
    // A click without a pointer is the keyboard's.
    const button = toggle("", (event) => {
      if (!event.detail) choose(page, [layer], !isOn(layer));
    });
    button.hidden = !resolution; // not grown yet
    const name = `Layer ${layer}, ${resolution} × ${resolution} pixels`;
    button.title = button.ariaLabel = name;
    if (resolution !== resolutions[layer - 1]) {
      button.dataset.resolution = resolution;
    }
    return button;
  });
  row.append(...buttons);

  let painted = null; // whether layers are switched on or off
  const paint = ({ clientX, clientY }) => {
    const under = document.elementFromPoint(clientX, clientY);
    const layer = buttons.indexOf(under);
    if (layer >= 0 && isOn(layer) !== painted) choose(page, [layer], painted);
  };
  row.onpointerdown = (event) => {
    const layer = buttons.indexOf(event.target);
    if (layer < 0 || event.button) return;
    painted = !isOn(layer);
    row.setPointerCapture(event.pointerId);
    paint(event);
  };
  row.onpointermove = (event) => painted !== null && paint(event);
  row.onpointerup = row.onpointercancel = () => (painted = null);
  return (state) => {
    buttons.forEach((button, layer) => {
      button.setAttribute("aria-pressed", state.layers.includes(layer));
    });
  };
}

function choose(page, layers, isOn) {
  const rest = page.state.layers.filter((layer) => !layers.includes(layer));
  const chosen = isOn ? [...rest, ...layers] : rest;
  page.change({ layers: chosen.sort((a, b) => a - b) });
}

function toggle(text, onclick) {
  const button = document.createElement("button");
  return Object.assign(button, { type: "button", textContent: text, onclick });
}
