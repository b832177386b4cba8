// The service worker: pages from the network; without one the call sheets of the day, else a page
// that lists them. It keeps the shell; which sheets are kept is decided by the pages (keep.js).
"use strict";

const SHELL = `shell ${ROAD.version}`;
const SHEET = /^\/opportunities\/\d+\/call$/, CALLS = /^\/opportunities\/\d+\/calls$/;
const PATIENCE = 3000, LONG_PATIENCE = 15_000;
const ANY = { ignoreSearch: true, ignoreVary: true };

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("sync", (event) => { if (event.tag === "outcomes") event.waitUntil(synced()); });
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(shown(request, url));
    else if (CALLS.test(url.pathname)) event.respondWith(posted(request));
  } else if (request.method === "GET" && url.pathname.startsWith(ROAD.statics)) event.respondWith(dressed(request));
});

async function install() {
  const shell = await caches.open(SHELL);
  await shell.addAll(ROAD.shell.map((address) => new Request(address, { cache: "reload" })));
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell ") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The browser tries again later when this fails.
async function synced() {
  if ((await road.sendAll()) === road.OFFLINE) throw new Error("still no network");
}

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const offline = () => caches.match(ROAD.offline, ANY);

async function shown(request, url) {
  const kept = SHEET.test(url.pathname) ? await caches.match(url.pathname, ANY) : undefined;
  const answer = fetch(request).catch(() => undefined);
  // A slow network is waited for where there is nothing else to show.
  const first = await (kept ? Promise.race([answer, later(PATIENCE)]) : answer);
  return first ?? kept ?? (await offline()) ?? Response.error();
}

// The page has put the outcome into the queue before it posted the form: nothing can get lost here.
async function posted(request) {
  const answer = fetch(request).catch(() => undefined);
  return (await Promise.race([answer, later(LONG_PATIENCE)])) ?? (await offline()) ?? Response.error();
}

async function dressed(request) {
  const kept = await (await caches.open(SHELL)).match(request, { ignoreVary: true });
  // Names with a hash never mean another file; others are asked for anew while there is a network.
  if (kept && ROAD.hashed) return kept;
  return fetch(request).catch((error) => {
    if (kept) return kept;
    throw error;
  });
}
