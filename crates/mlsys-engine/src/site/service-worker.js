// Makes the site available offline. The build adds `version`, which changes with the pages, and `precached`: all files except
// large ones, which are cached on first use.

const cacheName = `mlsys-${version}`;

self.addEventListener("install", (event) => {
  const install = async () => {
    const cache = await caches.open(cacheName);
    // A file that cannot be loaded does not affect the others.
    await Promise.all(precached.map((path) => cache.add(path).catch(() => {})));
    await self.skipWaiting();
  };
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  const activate = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("mlsys-") && name !== cacheName) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(activate());
});

// The network first, except for files whose names change with their content.
async function answer(request) {
  const cache = await caches.open(cacheName);
  const known = await cache.match(request, { ignoreSearch: true });
  if (known && /-[0-9a-f]{8}\.\w+$/.test(new URL(request.url).pathname)) return known;
  try {
    const response = await fetch(request);
    if (response.ok) cache.put(request, response.clone());
    return response;
  } catch {
    const folder = request.url.endsWith("/") ? await cache.match(`${request.url}index.html`) : undefined;
    const missing = request.mode === "navigate" ? await cache.match("404.html") : undefined;
    return known ?? folder ?? missing ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const ours = request.method === "GET" && new URL(request.url).origin === location.origin;
  const endless = request.headers.get("accept")?.includes("event-stream");
  if (ours && !endless) event.respondWith(answer(request));
});
