// Fetches today's call sheets before they are needed, two at a time, when the browser has nothing else to do.
"use strict";

(() => {
  const DONE = "nachhaken-kept";
  const worker = navigator.serviceWorker;

  // The login page is what tells that a session has ended, or that somebody else is coming.
  if (document.body.dataset.loggedOut !== undefined) road.dropSheets();
  if (!worker || !road.user) return;

  const idle = () => new Promise((resolve) => { (self.requestIdleCallback ?? setTimeout)(resolve, { timeout: 2000 }); });

  async function list() {
    const answer = await fetch("/call-sheets", { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
    if (answer.status === 401) await road.dropSheets();
    return answer.ok ? answer : null;
  }

  // What is no longer listed, or was made of an older state, goes before anything new comes.
  async function clear(cache, now) {
    const kept = await cache.match("/call-sheets", { ignoreVary: true });
    const before = kept ? await kept.json() : { sheets: [] };
    const old = new Map(before.day === now.day ? before.sheets.map((sheet) => [sheet.url, sheet.head]) : []);
    const same = new Set(now.sheets.filter((sheet) => old.get(sheet.url) === sheet.head).map((sheet) => sheet.url));
    for (const request of await cache.keys()) if (!same.has(new URL(request.url).pathname)) await cache.delete(request);
  }

  async function fetchOne(cache, address) {
    await idle();
    const answer = await fetch(`${address}?whole=1`, { redirect: "manual", cache: "no-store" });
    if (answer.status === 200 && (answer.headers.get("Content-Type") ?? "").startsWith("text/html")) await cache.put(address, answer);
  }

  async function keep() {
    await worker.ready;
    const answer = await list();
    if (!answer) return;
    const now = await answer.clone().json(), name = road.sheetsName(now);
    await road.dropSheets(name);
    const cache = await caches.open(name);
    await clear(cache, now);
    await cache.put("/call-sheets", answer);
    const here = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
    const missing = navigator.connection?.saveData ? [] : now.sheets.map((sheet) => sheet.url).filter((url) => !here.has(url));
    const taker = async () => { while (missing.length) await fetchOne(cache, missing.shift()); };
    await Promise.all([taker(), taker()]);
    sessionStorage.setItem(DONE, "yes");
  }

  const isDue = () => location.pathname === "/" || !sessionStorage.getItem(DONE);
  worker.register("/service-worker.js").then(() => { if (navigator.onLine && isDue()) return keep(); }).catch(() => undefined);
})();
