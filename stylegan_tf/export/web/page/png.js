// PNG files, of one picture or of a film (APNG): every pixel is kept.
// The PNG specification, third edition, is where the chunks are described.

import { crc32 } from "./crc.js";

const COLOR_TYPES = { 1: 0, 2: 4, 3: 2, 4: 6 }; // by channels
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

// A PNG of bytes [H, W, C], a Blob.
export async function still({ bytes, shape }) {
  const data = await compressed(bytes, shape);
  return file([["IHDR", header(shape)], ["IDAT", data]]);
}

// A film to which pictures of one shape are added; it loops.
export function animation(shape, framesPerSecond) {
  const [height, width] = shape;
  const frames = []; // compressed
  return {
    suffix: "png",
    async add({ bytes }) {
      frames.push(await compressed(bytes, shape));
    },
    async finish() {
      let order = 0;
      const chunks = [
        ["IHDR", header(shape)],
        ["acTL", [...big(frames.length), ...big(0)]],
      ];
      for (const data of frames) {
        const control = [
          ...big(order++), ...big(width), ...big(height), ...big(0), ...big(0),
          0, 1, 0, framesPerSecond, 0, 0, // a delay of 1 / fps
        ];
        const isFirst = chunks.length === 2;
        chunks.push(["fcTL", control]);
        chunks.push(
          isFirst ? ["IDAT", data] : ["fdAT", big(order++), data],
        );
      }
      return file(chunks);
    },
    close() {},
  };
}

function header([height, width, channels]) {
  return [...big(width), ...big(height), 8, COLOR_TYPES[channels], 0, 0, 0];
}

// Rows as differences from the pixel before ("Sub"), by zlib.
async function compressed(bytes, [height, width, channels]) {
  const row = width * channels;
  const filtered = new Uint8Array(height * (row + 1));
  for (let y = 0; y < height; y++) {
    const to = y * (row + 1);
    filtered[to] = 1;
    for (let x = 0; x < row; x++) {
      const before = x < channels ? 0 : bytes[y * row + x - channels];
      filtered[to + 1 + x] = bytes[y * row + x] - before;
    }
  }
  const stream = new Blob([filtered])
    .stream()
    .pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// chunks: a type, and what it holds in pieces.
async function file(chunks) {
  const parts = [Uint8Array.from(SIGNATURE)];
  for (const [type, ...pieces] of [...chunks, ["IEND"]]) {
    const blob = new Blob([type, ...pieces.map((p) => Uint8Array.from(p))]);
    const body = new Uint8Array(await blob.arrayBuffer());
    const ends = [body.length - 4, crc32(body)];
    const [length, checksum] = ends.map((end) => Uint8Array.from(big(end)));
    parts.push(length, body, checksum);
  }
  return new Blob(parts, { type: "image/png" });
}

function big(number) {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255);
}
