// The outcome form of a call sheet: what is typed is kept as a draft, what is recorded goes into the
// queue of this device before it goes anywhere else.
"use strict";

(() => {
  // Of the sheet, or of the page that comes back with what was wrong.
  const again = /\/calls$/.test(location.pathname) && document.querySelector("#main form [name=key]")?.form;
  const form = document.getElementById("outcome-form") ?? again;
  if (!form || !road.user) return;
  const action = new URL(form.action, location).pathname, sheet = action.replace(/calls$/, "call");
  const id = `${road.user} ${sheet}`;
  const who = form.dataset.who ?? document.querySelector("h1")?.textContent.trim() ?? "";
  const OWN = new Set(["csrfmiddlewaretoken", "key", "made_at", "sent_at"]);

  const isTick = (one) => one.type === "checkbox" || one.type === "radio";
  const fields = () => [...form.elements].filter((one) => one.name && one.type !== "submit" && !OWN.has(one.name));
  const typed = () => fields().map(({ name, type, value, checked }) => ({ name, type, value, checked }));

  function fill(kept) {
    const here = fields(), nth = new Map();
    for (const one of kept) {
      const same = here.filter((field) => field.name === one.name && isTick(field) === isTick(one));
      const at = nth.get(one.name) ?? 0;
      const field = isTick(one) ? same.find((field) => field.value === one.value) : same[at];
      if (!field) continue;
      if (isTick(one)) field.checked = one.checked;
      else {
        nth.set(one.name, at + 1);
        field.value = one.value;
      }
    }
    const share = form.querySelector("[data-their-share]");
    if (share && form.elements.own_share?.value) {
      share.value = 100 - form.elements.own_share.value;
      share.dispatchEvent(new Event("input"));
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // A sheet from the cache bears the key that it was made with: each opening is another call.
  const fresh = () => { form.elements.key.value = crypto.randomUUID?.() ?? `${Date.now()} ${Math.random()}`; };

  function notice(name, places) {
    document.querySelector(".road-notice")?.remove();
    const piece = road.said(name, places);
    piece.classList.add("road-notice");
    document.getElementById("main").prepend(piece);
    return piece;
  }

  const at = (ms) => new Date(ms).toLocaleString(document.documentElement.lang, { weekday: "short", hour: "2-digit", minute: "2-digit" });

  function drafted(draft) {
    form.elements.key.value = draft.key;
    fill(draft.typed);
    notice("draft", { when: at(draft.at) }).querySelector("button").addEventListener("click", async () => {
      clearTimeout(saving);
      await road.remove("drafts", id);
      location.reload();
    });
  }

  // What the desk refused is put right here, under its own key.
  function reopened(one) {
    form.elements.key.value = one.key;
    fill(one.typed);
    notice("put-right", { words: Object.values(one.errors ?? {}).flat().join(" ") });
  }

  async function begin() {
    const isBound = !!form.querySelector(".errors, [role=alert]");
    // The desk has shown the form again, with its faults: it is no longer on its way.
    if (isBound) return road.remove("outcomes", form.elements.key.value);
    fresh();
    const here = (await road.all("outcomes")).filter((one) => one.sheet === sheet && one.user === road.user);
    const refused = here.find((one) => one.state === "refused"), draft = await road.get("drafts", id);
    if (refused) reopened(refused);
    else if (draft) drafted(draft);
    else if (here.some((one) => one.state === "waiting")) notice("waits-here");
  }

  // Drafts: a moment after the last key, and before the page goes.
  let saving, isTyped = false;
  async function save() {
    clearTimeout(saving);
    if (!isTyped) return;
    isTyped = false;
    await road.put("drafts", { id, key: form.elements.key.value, user: road.user, at: Date.now(), typed: typed() });
  }
  function touched(event) {
    if (event.target.form !== form || !event.isTrusted) return;
    isTyped = true;
    clearTimeout(saving);
    saving = setTimeout(save, 300);
  }
  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  document.addEventListener("visibilitychange", save);
  addEventListener("pagehide", save);

  function record(button) {
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    return {
      key: form.elements.key.value, user: road.user, who, sheet, action, state: "handed", at: Date.now(), made_at: new Date().toISOString(),
      fields: [...data].filter(([name]) => name === "key" || !OWN.has(name)), typed: typed(),
    };
  }

  // As a browser without script would send it: the desk answers with its page.
  function post(button, made_at = "") {
    for (const [name, value] of [["made_at", made_at], ["sent_at", new Date().toISOString()], [button?.name, button?.value]]) {
      if (!name) continue;
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(field);
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  async function queued(one) {
    await road.put("outcomes", { ...one, state: "waiting" });
    await road.attempt();
    const told = await road.get("notices", one.key);
    if (told) {
      await road.put("notices", { ...told, seen: false });
      location.href = told.url;
      return;
    }
    navigator.storage?.persist?.();
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.sync?.register("outcomes").catch(() => undefined);
    const refused = await road.get("outcomes", one.key);
    if (refused?.state === "refused") return reopened(refused);
    form.reset();
    fresh();
    location.hash = "main";
    notice("kept").focus();
    await road.draw();
  }

  async function hand(button) {
    clearTimeout(saving);
    isTyped = false;
    const one = record(button);
    if (!one.fields.some(([name]) => name === "result")) return navigator.onLine ? post(button) : notice("no-result").focus();
    try {
      await road.put("outcomes", one);
      await road.remove("drafts", id);
    } catch {
      return post(button, one.made_at); // this browser keeps nothing
    }
    const before = (await road.all("outcomes")).some((other) => other.user === road.user && other.state === "waiting" && other.key !== one.key);
    return navigator.onLine && !before ? post(button, one.made_at) : queued(one);
  }

  let isBusy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    await hand(event.submitter).catch(() => post(event.submitter));
    isBusy = false;
    setTimeout(() => { if (event.submitter) event.submitter.disabled = false; }, 50);
  });

  road.ready = begin().catch(() => undefined);
})();
