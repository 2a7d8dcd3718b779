// A film as MP4 (H.264), which every phone and every messenger plays.

import { mp4 } from "./mp4.js";
import { areBoxes, toImageData } from "./pixels.js";

const CODECS = ["avc1.640028", "avc1.42E028"]; // level 4: up to 1024 x 1024
const SMALLEST = 512; // pixels, the longer side: small pictures are enlarged
const BITS_PER_PIXEL = 0.25;

// A film to which pictures of one shape are added; null where the browser
// does not make H.264.
export async function film(shape, framesPerSecond) {
  const [height, width] = shape;
  const longer = Math.max(height, width);
  const even = 2 * Math.ceil(SMALLEST / 2 / longer);
  const scale = longer < SMALLEST ? even : 1;
  const sides = { width: width * scale, height: height * scale };
  const settings = await supported({
    ...sides,
    framerate: framesPerSecond,
    bitrate: sides.width * sides.height * framesPerSecond * BITS_PER_PIXEL,
    avc: { format: "avc" },
    latencyMode: "realtime", // frames leave in the order of time
  });
  if (!settings) return null;

  const frames = [];
  let configuration, failure;
  const encoder = new VideoEncoder({
    output(chunk, about) {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      frames.push({ data, isKey: chunk.type === "key" });
      const description = about?.decoderConfig?.description;
      if (description) configuration = copied(description);
    },
    error(error) {
      failure = error;
    },
  });
  encoder.configure(settings);
  const enlarge = enlarger(shape, scale);
  let count = 0;
  return {
    suffix: "mp4",
    async add(picture) {
      if (failure) throw failure;
      const timestamp = (count * 1e6) / framesPerSecond;
      const frame = new VideoFrame(enlarge(picture), { timestamp });
      encoder.encode(frame, { keyFrame: count % framesPerSecond === 0 });
      frame.close();
      count++;
      while (encoder.encodeQueueSize > 8) await new Promise(setTimeout);
    },
    async finish() {
      await encoder.flush();
      encoder.close();
      if (failure) throw failure;
      return mp4(frames, { ...sides, framesPerSecond, configuration });
    },
    close() {
      if (encoder.state !== "closed") encoder.close();
    },
  };
}

async function supported(settings) {
  if (!("VideoEncoder" in self)) return null;
  for (const codec of CODECS) {
    const asked = { ...settings, codec };
    const answer = await VideoEncoder.isConfigSupported(asked).catch(() => {});
    if (answer?.supported) return asked;
  }
  return null;
}

// Pictures to a canvas on which a pixel is scale x scale.
function enlarger(shape, scale) {
  const [height, width] = shape;
  const small = new OffscreenCanvas(width, height);
  const large = new OffscreenCanvas(width * scale, height * scale);
  const context = large.getContext("2d");
  context.imageSmoothingEnabled = !areBoxes(shape);
  return (picture) => {
    small.getContext("2d").putImageData(toImageData(picture), 0, 0);
    context.fillStyle = "white"; // under what is transparent
    context.fillRect(0, 0, large.width, large.height);
    context.drawImage(small, 0, 0, large.width, large.height);
    return large;
  };
}

function copied(source) {
  const view = ArrayBuffer.isView(source) ? source.buffer : source;
  return new Uint8Array(view.slice(source.byteOffset ?? 0,
    (source.byteOffset ?? 0) + source.byteLength));
}
