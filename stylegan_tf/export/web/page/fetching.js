// Fetches files, and says how far it is.

// The bytes of every address. onProgress is told a share from 0 to 1.
export async function fetchAll(addresses, onProgress) {
  const responses = await Promise.all(addresses.map(found));
  // Of a compressed response the length is another than what arrives.
  const total = responses
    .map((response) => Number(response.headers.get("content-length")))
    .reduce((sum, length) => sum + length, 0);
  let received = 0;
  const count = (bytes) => {
    received += bytes;
    onProgress(Math.min(received / (total || Infinity), 1));
  };
  return Promise.all(responses.map((response) => read(response, count)));
}

// A response that is one; an error says which file is missing.
export async function found(address) {
  let response;
  try {
    response = await fetch(address, { cache: "no-cache" }); // not an old one
  } catch {
    throw new Error(`${shortened(address)} cannot be reached.`);
  }
  if (!response.ok) {
    throw new Error(`${shortened(address)} is missing (${response.status}).`);
  }
  return response;
}

async function read(response, count) {
  const parts = [];
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    count(value.length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function shortened(address) {
  return new URL(address).pathname.split("/").slice(-2).join("/");
}
