// What is done to latents and styles, on flat Float32Arrays: z is [Z], ws are
// [L, D], a row of w for each layer, the coarsest first.

// Where psi is on the line from the mean w (0) through ws (1), for the first
// `cutoff` layers. arXiv 1812.04948, appendix B.
export function truncate(ws, mean, psi, cutoff = Infinity) {
  if (psi === 1) return ws;
  return onLayers(ws, mean.length, 0, cutoff, (value, column) =>
    Math.fround(mean[column] + Math.fround(value - mean[column]) * psi),
  );
}

// Some layers, a set of numbers, of `others` instead. Section 3.1.
export function mix(ws, others, layers, width) {
  const mixed = ws.slice();
  for (const layer of layers) {
    const start = layer * width;
    mixed.set(others.subarray(start, start + width), start);
  }
  return mixed;
}

// Further along a direction by `amount` of its spreads.
export function move(ws, direction, amount) {
  const { vector, first, last, spread } = direction;
  const step = Math.fround(amount * spread);
  return onLayers(
    ws, vector.length, first, last,
    (value, column) => value + Math.fround(step * vector[column]),
  );
}

// On the arc from a to b; the length goes evenly from one's to the other's.
export function slerp(a, b, share) {
  const lengths = [norm(a), norm(b)];
  const cosine = dot(a, b) / (lengths[0] * lengths[1]);
  const angle = Math.acos(Math.min(Math.max(cosine, -1), 1));
  if (angle < 1e-6) return a.slice();
  const length = lengths[0] + (lengths[1] - lengths[0]) * share;
  const [from, to] = [1 - share, share].map(
    (part, end) =>
      (length * Math.sin(part * angle)) / Math.sin(angle) / lengths[end],
  );
  return a.map((value, i) => from * value + to * b[i]);
}

function onLayers(ws, width, first, last, change) {
  const changed = ws.slice();
  const end = Math.min(last * width, ws.length);
  for (let i = first * width; i < end; i++) {
    changed[i] = change(ws[i], i % width);
  }
  return changed;
}

function dot(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function norm(a) {
  return Math.sqrt(dot(a, a));
}
