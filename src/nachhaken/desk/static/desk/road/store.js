// What this device keeps: outcomes that wait, drafts, notices (IndexedDB) and today's sheets (caches).
// Read by the pages and by the service worker.
//
// On a lost phone lie: the call sheets of the day (names, telephone numbers, what was said), at most
// 40, and what was typed and not sent yet. They go with the next list, a login by somebody else, an
// ended session's login page or a logout; until then the lock of the phone is what protects them.
"use strict";

self.road = (() => {
  const NAME = "nachhaken", STORES = { outcomes: "key", drafts: "id", notices: "key" };
  const SHEETS = "sheets ";
  const changes = new BroadcastChannel(NAME);
  let opened;

  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error ?? new Error("blocked"));
  });

  function open() {
    opened ??= (async () => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        for (const [store, keyPath] of Object.entries(STORES)) request.result.createObjectStore(store, { keyPath });
      };
      const db = await done(request);
      db.onversionchange = db.onclose = () => {
        db.close();
        opened = undefined;
      };
      return db;
    })().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function write(store, act) {
    // Strict: on the disk before anybody is told that it is kept.
    const change = (await open()).transaction(store, "readwrite", { durability: "strict" });
    act(change.objectStore(store));
    await new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onabort = change.onerror = () => reject(change.error);
    });
  }

  const read = async (store, act) => done(act((await open()).transaction(store).objectStore(store)));

  // Asking must not make a database where none is wanted.
  async function exists() {
    if (!indexedDB.databases) return true;
    return (await indexedDB.databases()).some((one) => one.name === NAME);
  }

  async function forget() {
    if (opened) (await opened).close();
    opened = undefined;
    await done(indexedDB.deleteDatabase(NAME));
  }

  async function dropSheets(except = "") {
    if (!self.caches) return;
    const names = (await caches.keys()).filter((name) => name.startsWith(SHEETS) && name !== except);
    await Promise.all(names.map((name) => caches.delete(name)));
  }

  // The list that was fetched last, with those of its sheets that are here.
  async function keptSheets() {
    const name = self.caches && (await caches.keys()).find((one) => one.startsWith(SHEETS));
    const cache = name && (await caches.open(name));
    const list = cache && (await cache.match("/call-sheets", { ignoreVary: true }));
    if (!list) return [];
    const here = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
    return (await list.json()).sheets.filter((sheet) => here.has(sheet.url));
  }

  return {
    changes,
    dropSheets,
    exists,
    forget,
    keptSheets,
    sheetsName: (list) => `${SHEETS}${list.user} ${list.version}`,
    all: (store) => read(store, (rows) => rows.getAll()),
    get: (store, key) => read(store, (rows) => rows.get(key)),
    put: (store, value) => write(store, (rows) => rows.put(value)),
    remove: (store, key) => write(store, (rows) => rows.delete(key)),
  };
})();
