// The service worker: the page opens again without a network, and may use
// threads, which browsers allow to pages that are by themselves.
//
// No old model meets a new page: a visit is either from the network, and the
// server is asked whether a file changed, or from the copies. They are of one
// export, too: a new one drops those that its visit has not fetched yet.

const CACHE = `${registration.scope} 1`; // a host's pages share all names
const OWN = /^([a-z0-9_]+\.(js|css|svg|webmanifest)|(model|runtime)\/[^/]+)?$/;
const GENERATOR = 'name="generator" content="stylegan_tf"'; // of index.html
const ISOLATED = {
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
};

let hasNetwork = null; // in this visit; null: not known
let fetched = new Set(); // names, in this visit
let queue = Promise.resolve(); // one change of the copies at a time

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(dropOldCaches()));

addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  if (name !== null) event.respondWith(answer(event, name));
});

// The files of a first visit, which went past here.
addEventListener("message", (event) => {
  const copied = event.data.map(async (address) => {
    const request = new Request(address, { cache: "force-cache" });
    const name = nameOf(request);
    if (name !== null) await keep(name, await fetch(request));
  });
  event.waitUntil(Promise.allSettled(copied));
});

// What a file is called here; null if it is none of the page.
function nameOf({ method, mode, url }) {
  const { scope } = registration;
  const name = url.split(/[?#]/)[0].replace(/\/index\.html$/, "/");
  if (method !== "GET" || !name.startsWith(scope)) return null;
  if (mode === "navigate") return name === scope ? name : null;
  return OWN.test(name.slice(scope.length)) ? name : null;
}

async function answer(event, name) {
  const isVisit = event.request.mode === "navigate";
  if (isVisit) [fetched, hasNetwork] = [new Set(), null];
  const copy = await caches.match(name, { cacheName: CACHE });
  let response = hasNetwork === false ? null : await asked(event.request, copy);
  hasNetwork ??= response !== null;
  if (!response) return copy && !hasNetwork ? isolated(copy) : Response.error();
  if (response.status === 304) response = copy;
  if (response.status !== 200) return response;
  if (isVisit && !(await response.clone().text()).includes(GENERATOR)) {
    // Another page lives here now, as on a port of this machine.
    await Promise.all([caches.delete(CACHE), registration.unregister()]);
    return response;
  }
  event.waitUntil(keep(name, response.clone()));
  return isolated(response);
}

// 304 where the copy is as new, null without a network. Browsers would ask so
// themselves, but the runtime is larger than what some of them keep.
function asked({ url }, copy) {
  const [etag, date] = copy ? marks(copy) : [];
  const options = { cache: "no-store" };
  if (etag) options.headers = { "If-None-Match": etag };
  else if (date) options.headers = { "If-Modified-Since": date };
  else options.cache = "no-cache";
  return fetch(url, options).catch(() => null);
}

function isolated({ body, status, statusText, headers }) {
  const all = { ...Object.fromEntries(headers), ...ISOLATED };
  return new Response(body, { status, statusText, headers: all });
}

function keep(name, response) {
  queue = queue.then(() => store(name, response)).catch(() => {}); // no room
  return queue;
}

async function store(name, response) {
  if (response.status !== 200) return;
  const cache = await caches.open(CACHE);
  const copy = await cache.match(name);
  if (copy && isSame(copy, response)) {
    fetched.add(name);
    return response.body.cancel();
  }
  for (const { url } of copy ? await cache.keys() : []) {
    if (!fetched.has(url)) await cache.delete(url);
  }
  await cache.put(name, response);
  fetched.add(name);
}

// What tells versions of a file apart; a host may send none.
function marks({ headers }) {
  return [headers.get("etag"), headers.get("last-modified")];
}

function isSame(a, b) {
  const [mark, other] = [a, b].map((each) => marks(each).find(Boolean));
  return mark !== undefined && mark === other;
}

async function dropOldCaches() {
  const names = await caches.keys();
  const isOld = (name) =>
    name.startsWith(`${registration.scope} `) && name !== CACHE;
  await Promise.all(names.filter(isOld).map((name) => caches.delete(name)));
}
