// Sends what waits, oldest first, one sender at a time on this device. An outcome is deleted when the
// desk has answered that it has it; its key keeps any number of sendings one event.
"use strict";

(() => {
  const PATIENCE = 20_000;
  const OFFLINE = "offline", LOGIN = "login", SENT = "sent", LATER = "later", IDLE = "idle";
  const PASSING = new Set([403, 408, 425, 429]);

  // "handed" was posted as a form as well: whether it arrived is known when the desk says so.
  const isDue = (one) => one.state === "waiting" || one.state === "handed";

  function ask(address, options = {}) {
    const headers = { Accept: "application/json" };
    // An answer that leads elsewhere is the login page, or somebody's hotel.
    return fetch(address, { ...options, headers, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  }

  const isJson = (answer) => (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  const isLogin = (answer) => answer.type === "opaqueredirect" || answer.status === 401;

  // Who is logged in, with a fresh token: that of a page may be days old.
  async function pass() {
    const answer = await ask("/csrf");
    if (isLogin(answer)) return null;
    if (!answer.ok || !isJson(answer)) throw new Error("no desk here");
    return answer.json();
  }

  function post(one, token) {
    const body = new FormData();
    for (const [name, value] of one.fields) body.append(name, value);
    body.append("made_at", one.made_at);
    body.append("sent_at", new Date().toISOString());
    body.append("csrfmiddlewaretoken", token);
    return ask(one.action, { method: "POST", body });
  }

  async function arrived(one, told) {
    // What the form itself brought was told by the page that came after it.
    if (!(one.state === "handed" && told.state === "repeated")) {
      const { key, user, who } = one;
      await road.put("notices", { key, user, who, state: told.state, words: told.notice, url: told.url, at: Date.now() });
    }
    await road.remove("outcomes", one.key);
    return SENT;
  }

  async function refused(one, errors) {
    await road.put("outcomes", { ...one, state: "refused", errors });
    return SENT;
  }

  async function deliver(one) {
    const who = await pass();
    if (!who) return LOGIN;
    if (who.user !== one.user) return IDLE;
    let answer = await post(one, who.token);
    if (answer.status === 403) answer = await post(one, (await pass())?.token ?? "");
    if (isLogin(answer)) return LOGIN;
    if (isJson(answer) && (answer.ok || answer.status === 409)) return arrived(one, await answer.json());
    if (isJson(answer) && answer.status === 422) return refused(one, (await answer.json()).errors);
    // A desk that stumbles over one outcome may well take the next.
    if (answer.status >= 500 || PASSING.has(answer.status)) return LATER;
    return answer.ok ? OFFLINE : refused(one, {});
  }

  async function run() {
    if (!(await road.exists())) return IDLE;
    const due = (await road.all("outcomes")).filter(isDue).sort((a, b) => a.at - b.at);
    let last = IDLE;
    for (const one of due) {
      last = await deliver(one).catch(() => OFFLINE);
      if (last === OFFLINE || last === LOGIN) break;
    }
    // A form that did not arrive waits like any other.
    await kept(due);
    if (due.length) road.changes.postMessage(last);
    return last;
  }

  async function kept(due) {
    for (const { key } of due) {
      const one = await road.get("outcomes", key);
      if (one?.state === "handed") await road.put("outcomes", { ...one, state: "waiting" });
    }
  }

  road.sendAll = () => (navigator.locks ? navigator.locks.request("nachhaken-send", run) : run());
  Object.assign(road, { OFFLINE, LOGIN });
})();
