// onnxruntime-web and the two halves of the network: on the graphics
// processor where WebGPU is, else on the processor by WebAssembly.

import { fetchAll } from "./fetching.js";

const FOLDER = new URL("./runtime/", import.meta.url);
const MODEL = new URL("./model/", import.meta.url);
const PARTS = ["mapping.onnx", "synthesis.onnx"];
const THREADS = 4; // at most

// Which loader, which program, what it is called.
const RUNTIMES = {
  webgpu: [
    "ort.webgpu.min.mjs", "ort-wasm-simd-threaded.asyncify.wasm", "WebGPU",
  ],
  wasm: ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.wasm", "WebAssembly"],
};

// {ort, mapping, synthesis, runtime}.
// wanted: "webgpu", "wasm" or null, what is best here.
export async function load(wanted, onProgress) {
  const provider = wanted ?? ((await hasGraphics()) ? "webgpu" : "wasm");
  try {
    return await start(provider, onProgress);
  } catch (error) {
    if (wanted === "webgpu" && !(await hasAdapter())) {
      throw new Error("This browser offers no WebGPU here.");
    }
    if (wanted || provider === "wasm") throw error;
    return start("wasm", onProgress); // a driver that cannot do it
  }
}

async function start(provider, onProgress) {
  const [loader, program, runtime] = RUNTIMES[provider];
  const addresses = [
    new URL(program, FOLDER),
    ...PARTS.map((name) => new URL(name, MODEL)),
  ];
  const [ort, [wasmBinary, ...parts]] = await Promise.all([
    import(new URL(loader, FOLDER).href),
    fetchAll(addresses, onProgress),
  ]);
  ort.env.wasm.wasmPaths = FOLDER.href;
  ort.env.wasm.wasmBinary = wasmBinary;
  ort.env.wasm.numThreads = provider === "wasm" ? threads() : 1;
  const sessions = [];
  for (const [i, part] of parts.entries()) {
    const options = {
      executionProviders: [provider],
      logSeverityLevel: 3, // errors
    };
    try {
      sessions.push(await ort.InferenceSession.create(part, options));
    } catch (error) {
      const isWhole = WebAssembly.validate(wasmBinary);
      const name = isWhole ? `model/${PARTS[i]}` : `runtime/${program}`;
      const advice = "is damaged, or does not run here. Upload it again.";
      throw new Error(`${name} ${advice} (${error.message})`);
    }
  }
  const [mapping, synthesis] = sessions;
  return { ort, mapping, synthesis, runtime };
}

// Only an isolated page has any, see service.js. They wait for each other in
// loops, so that half of the processor is left to everything else.
function threads() {
  const cores = self.crossOriginIsolated ? navigator.hardwareConcurrency : 1;
  return Math.min(THREADS, Math.ceil(cores / 2));
}

async function hasAdapter() {
  return Boolean(await navigator.gpu?.requestAdapter().catch(() => null));
}

// A graphics processor, not one that the processor plays.
async function hasGraphics() {
  try {
    const adapter = await navigator.gpu?.requestAdapter();
    return Boolean(adapter && !adapter.info?.isFallbackAdapter);
  } catch {
    return false;
  }
}
