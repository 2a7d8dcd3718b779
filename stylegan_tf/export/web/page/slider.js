// A slider with its name and its value, filled from a place of rest.

let count = 0;

// {root, render}: the element, and what shows a value.
//
// name: what it is called.
// range: {least, most, step, rest, usual, marks: [[value, "meaning"], ...],
//     term}; usual is where a double click leads, by default to rest; term is
//     the papers' word for it.
// show: a value as text.
// change: called with the value as it moves.
export function slider(name, range, show, change) {
  const { least, most, step, rest, usual = rest, marks = [], term } = range;
  const id = `slider-${count++}`;
  const root = made("div", { className: "slider" });
  const label = made("label", { htmlFor: id, textContent: name });
  if (term) label.append(" ", made("small", { textContent: term }));
  const text = made("span", { className: "value", ariaHidden: true });
  const input = made("input", {
    id, type: "range", min: least, max: most, step,
    title: `Double-click: ${show(usual)}`,
  });
  root.append(label, text, input);
  const share = (value) => (value - least) / (most - least);
  if (marks.length) {
    const row = made("div", { className: "marks", ariaHidden: true });
    for (const [value, meaning] of marks) {
      const mark = made("span", { textContent: meaning });
      mark.style.setProperty("--at", share(value));
      row.append(mark);
    }
    root.append(row);
  }

  input.oninput = () => change(Number(input.value));
  input.ondblclick = () => change(usual);
  return {
    root,
    render(value) {
      input.value = value;
      text.textContent = show(value);
      input.setAttribute("aria-valuetext", show(value));
      const ends = [share(value), share(rest)].sort((a, b) => a - b);
      input.style.setProperty("--from", ends[0]);
      input.style.setProperty("--to", ends[1]);
    },
  };
}

function made(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
