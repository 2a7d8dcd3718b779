// Truncation, class and noise: what any network of the family may have.

import { slider } from "./slider.js";
import { PSI } from "./state.js";

const MOST_CHIPS = 12; // more classes are a list

const element = (id) => document.getElementById(id);

export function connect(page) {
  const { model } = page;
  const renders = [];
  const section = element("looks");
  if (model.can_truncate) renders.push(...truncation(page, section));
  if (model.label_size) renders.push(classes(page));
  if (model.has_noise) renders.push(noise(page));
  section.hidden = !renders.length;
  return (state) => renders.forEach((render) => render(state));
}

function truncation(page, section) {
  const layers = page.model.num_ws;
  const psi = slider(
    "How unusual",
    {
      term: "truncation, psi",
      least: PSI.least, most: PSI.most, step: 0.01, rest: 0, usual: PSI.usual,
      marks: [[-1, "opposite"], [0, "average"], [1, "itself"]],
    },
    (value) => value.toFixed(2),
    (value) => page.change({ psi: value }),
  );
  const cutoff = slider(
    "Layers it acts on",
    {
      term: "truncated layers",
      least: 0, most: layers, step: 1, rest: 0, usual: layers,
    },
    (value) => (value === layers ? "all" : `${value} of ${layers}`),
    (value) => page.change({ cutoff: value }),
  );
  section.querySelector("h2").after(psi.root, cutoff.root);
  return [
    (state) => psi.render(state.psi),
    (state) => cutoff.render(state.cutoff),
  ];
}

function classes(page) {
  const fieldset = element("classes");
  const { label_size: length, label_names: called } = page.model;
  const names = Array.from({ length }, (_, i) => called?.[i] ?? String(i));
  fieldset.hidden = false;
  return names.length > MOST_CHIPS
    ? listOfClasses(page, fieldset, names)
    : chipsOfClasses(page, fieldset, names);
}

function listOfClasses(page, fieldset, names) {
  const select = document.createElement("select");
  select.ariaLabel = "Class";
  select.append(...names.map((name, i) => new Option(name, i)));
  select.onchange = () => page.change({ class: Number(select.value) });
  fieldset.append(select);
  return (state) => (select.value = state.class);
}

function chipsOfClasses(page, fieldset, names) {
  const inputs = names.map((name, i) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "class", value: i });
    input.onchange = () => page.change({ class: i });
    const chip = document.createElement("label");
    chip.className = "chip";
    chip.append(input, name);
    fieldset.append(chip);
    return input;
  });
  return (state) => (inputs[state.class].checked = true);
}

function noise(page) {
  const input = element("noise");
  element("noise-row").hidden = false;
  input.onchange = () => page.change({ noise: input.checked });
  return (state) => (input.checked = state.noise);
}
