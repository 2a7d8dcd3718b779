// Keeps the page for when there is no network; see service.js.

// used(): a promise of the addresses that the worker fetched.
export async function keep(used) {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return; // as where the address is not https
  const script = new URL("./service.js", import.meta.url).href;
  try {
    await serviceWorker.register(script);
    if (serviceWorker.controller?.scriptURL === script) return;
    // The first visit: the service starts when all is fetched.
    const { active } = await serviceWorker.ready;
    const own = performance.getEntriesByType("resource");
    const names = own.map((entry) => entry.name);
    active.postMessage([location.href, ...names, ...(await used())]);
  } catch {
    // As in some private windows; the page is the same without.
  }
}
