// Files of NumPy, as numpy.savez writes them: arrays in a zip, not compressed.

import { crc32 } from "./crc.js";

// The bytes of an npz of Float32Arrays and strings.
// entries: {name: {shape, data}} or {name: "text"}.
export function npz(entries) {
  const files = Object.entries(entries).map(([name, entry]) => {
    const array = typeof entry === "string" ? ofText(entry) : entry;
    return [`${name}.npy`, npy(array)];
  });
  return zip(files);
}

// A NumPy array of version 1.0. Bytes are little-endian: so is every
// machine that a browser runs on.
function npy({ shape, data, type = "<f4" }) {
  const sides = shape.map((side) => `${side},`).join(" ");
  const kind = `'descr': '${type}', 'fortran_order': False`;
  const text = `{${kind}, 'shape': (${sides}), }`;
  const padding = 64 - ((10 + text.length + 1) % 64);
  const header = `${text}${" ".repeat(padding)}\n`;
  const head = [0x93, ...ascii("NUMPY"), 1, 0, ...little(header.length, 2)];
  return joined([head, ascii(header), new Uint8Array(data.buffer)]);
}

// A NumPy string without axes: UTF-32.
function ofText(text) {
  const points = Uint32Array.from(text, (letter) => letter.codePointAt(0));
  return { shape: [], data: points, type: `<U${points.length}` };
}

function zip(files) {
  const bodies = [];
  const directory = [];
  let offset = 0;
  for (const [name, bytes] of files) {
    const sizes = [crc32(bytes), bytes.length, bytes.length];
    const common = [
      ...[20, 0, 0, 0, 0x21].flatMap((n) => little(n, 2)), // stored, 1980
      ...sizes.flatMap((n) => little(n, 4)),
      ...little(name.length, 2),
      ...little(0, 2),
    ];
    const local = [...ascii("PK\x03\x04"), ...common, ...ascii(name)];
    directory.push([
      ...ascii("PK\x01\x02"), ...little(20, 2), ...common,
      ...Array(10).fill(0), // no comment, disk 0, no attributes
      ...little(offset, 4), ...ascii(name),
    ]);
    bodies.push(local, bytes);
    offset += local.length + bytes.length;
  }
  const size = directory.flat().length;
  const end = [
    ...ascii("PK\x05\x06"), 0, 0, 0, 0,
    ...little(files.length, 2), ...little(files.length, 2),
    ...little(size, 4), ...little(offset, 4), 0, 0,
  ];
  return joined([...bodies, ...directory, end]);
}

function little(number, count) {
  return Array.from({ length: count }, (_, i) => (number >>> (8 * i)) & 255);
}

function ascii(text) {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let place = 0;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}
