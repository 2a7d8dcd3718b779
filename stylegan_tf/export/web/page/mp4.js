// The boxes of an MP4 file of one H.264 track, all frames of one length.
// ISO/IEC 14496-12 and -15 describe them.

// A Blob.
// frames: [{data: Uint8Array, isKey}] in the order of time.
// configuration: the decoder's, of the encoder ("avcC").
export function mp4(frames, { width, height, framesPerSecond, configuration }) {
  const head = box("ftyp", "isom", u32(512), "isomiso2avc1mp41");
  const film = frames.map((frame) => frame.data);
  const movie = box("moov",
    header("mvhd", u32(0, 0, framesPerSecond, frames.length), u32(0x10000),
      u16(0x100, 0), u32(0, 0), MATRIX, u32(0, 0, 0, 0, 0, 0, 2)),
    box("trak",
      header("tkhd", u32(0, 0, 1, 0, frames.length, 0, 0), u32(0, 0), MATRIX,
        u32(width * 65536, height * 65536), { flags: 3 }),
      box("mdia",
        header("mdhd", u32(0, 0, framesPerSecond, frames.length),
          u16(0x55c4, 0)), // no language
        header("hdlr", u32(0), "vide", u32(0, 0, 0), "\0"),
        box("minf",
          header("vmhd", u16(0, 0, 0, 0), { flags: 1 }),
          box("dinf", header("dref", u32(1), header("url ", { flags: 1 }))),
          samples(frames, width, height, configuration, size(head) + 8),
        ),
      ),
    ),
  );
  const parts = [head, box("mdat", ...film), movie].flat(Infinity);
  return new Blob(parts, { type: "video/mp4" });
}

function samples(frames, width, height, configuration, offset) {
  const keys = frames.flatMap((frame, i) => (frame.isKey ? [i + 1] : []));
  const sizes = frames.map((frame) => frame.data.length);
  const entry = box("avc1",
    u16(0, 0, 0, 1), u32(0, 0, 0, 0), u16(width, height),
    u32(0x480000, 0x480000, 0), // 72 dots an inch
    u16(1), new Uint8Array(32), u16(24, 0xffff), // one frame a sample
    box("avcC", configuration),
  );
  return box("stbl",
    header("stsd", u32(1), entry),
    header("stts", u32(1, frames.length, 1)),
    header("stss", u32(keys.length, ...keys)),
    header("stsc", u32(1, 1, frames.length, 1)),
    header("stsz", u32(0, frames.length, ...sizes)),
    header("stco", u32(1, offset)),
  );
}

// A box is a list of parts, its length and name in front.
function box(name, ...parts) {
  return [u32(8 + size(parts)), ascii(name), ...parts.map(bytes)];
}

// A box with a version, 0, and flags.
function header(name, ...parts) {
  const flags = parts.at(-1)?.flags;
  if (flags) parts.pop();
  return box(name, u32(flags ?? 0), ...parts);
}

function size(parts) {
  return [parts].flat(Infinity).reduce((sum, p) => sum + p.length, 0);
}

function bytes(part) {
  return typeof part === "string" ? ascii(part) : part;
}

function ascii(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function u32(...numbers) {
  return bigEndian(numbers, 4);
}

function u16(...numbers) {
  return bigEndian(numbers, 2);
}

function bigEndian(numbers, width) {
  const written = new DataView(new ArrayBuffer(numbers.length * width));
  numbers.forEach((number, i) => {
    if (width === 4) written.setUint32(i * 4, number);
    else written.setUint16(i * 2, number);
  });
  return new Uint8Array(written.buffer);
}

const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
