// From a network's numbers to bytes, [H, W, C], C = 1 to 4.

// About [-1, 1] to 0 ... 255, rounding half up.
export function toBytes(values) {
  return Uint8Array.from(values, (value) => {
    const scaled = Math.fround(Math.fround(value * 127.5) + 128);
    return Math.min(Math.max(scaled, 0), 255);
  });
}

// Whether pictures are so small that they are enlarged with their pixels as
// boxes; larger ones are smooth.
export function areBoxes([height, width]) {
  return Math.max(height, width) <= 32;
}

// What a canvas takes: grey, grey and alpha, RGB or RGBA become RGBA.
export function toImageData({ bytes, shape: [height, width, channels] }) {
  const shown = new ImageData(width, height);
  const isGrey = channels < 3;
  const hasAlpha = channels % 2 === 0;
  for (let i = 0, from = 0; i < shown.data.length; i += 4) {
    for (let color = 0; color < 3; color++) {
      shown.data[i + color] = bytes[from + (isGrey ? 0 : color)];
    }
    shown.data[i + 3] = hasAlpha ? bytes[from + channels - 1] : 255;
    from += channels;
  }
  return shown;
}
