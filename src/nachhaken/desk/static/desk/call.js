// The call sheet with script: a clock, the words chosen, answers by two letters, what a result changes.
"use strict";

(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.getElementById("outcome-form");
  if (!form) return;

  // Without hands on it, the slider says nothing.
  const share = one("[data-their-share]");
  share?.addEventListener("input", () => {
    const told = one("[data-share]");
    told.textContent = told.dataset.share.replace("{n}", share.value);
    form.elements.own_share.value = 100 - share.value;
  });

  // The clock of the call begins with the ringing.
  const clock = one("[data-clock]");
  let since = 0;
  const tick = () => {
    const seconds = Math.floor((Date.now() - since) / 1000);
    clock.textContent = `${clock.dataset.clock} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  one("[data-ring]")?.addEventListener("click", () => {
    document.body.classList.add("ringing");
    if (since) return;
    since = Date.now();
    tick();
    setInterval(tick, 1000);
  });

  // Another version of the same words takes the place of the first.
  for (const link of all("[data-version]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      one("[data-version][aria-current]")?.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      const spoken = one(".spoken", link).cloneNode(true);
      spoken.classList.remove("small");
      one("[data-spoken]").replaceChildren(spoken);
      one("[data-opening]").value = link.dataset.version;
      link.closest("details").open = false;
      one("#say").scrollIntoView({ block: "start" });
    });
  }

  // What the customer said on the way is what came out, until somebody says otherwise.
  let chosen = false;
  form.addEventListener("change", (event) => { if (event.target.name === "result") chosen = event.isTrusted || chosen; });
  function walked() {
    const here = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!here) return;
    const intent = here.dataset.intent;
    const radio = intent && !chosen && one(`[name=result][value="${CSS.escape(intent)}"]`, form);
    if (radio) {
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (here.matches(".turn, #outcome")) {
      here.focus({ preventScroll: true });
      scrollTo({ top: 0 });
    }
  }
  addEventListener("hashchange", walked);
  walked();

  // Answers: what was typed stands in a wording from the beginning of a word on, as in playbook/finding.
  const folded = (text) => (text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD").replace(/\p{M}/gu, "")
    .match(/[\p{L}\p{N}_]+/gu) ?? []).join(" ").replace(/([aou])e/g, "$1");
  const seek = document.getElementById("heard");
  const list = one(".objections");
  list.classList.add("closed");
  seek.addEventListener("input", () => {
    const asked = folded(seek.value);
    list.classList.toggle("closed", !asked);
    list.classList.toggle("narrowed", !!asked);
    let count = 0, first;
    for (const item of list.children) {
      const heard = item.dataset.hears.split("|").find((text) => asked && ` ${folded(text)}`.includes(` ${asked}`));
      item.toggleAttribute("data-hit", !!heard);
      if (!heard) continue;
      first ??= heard;
      count += all(".spoken", item).length;
      one("summary q", item).textContent = heard;
    }
    const told = one("[data-found]");
    told.textContent = asked ? `${count} ${told.dataset.found}` : "";
    if (all("[data-hit]", list).length === 1) one("[data-hit] details", list).open = true;
  });
  seek.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const hit = one("[data-hit] details", list);
    if (hit) {
      hit.open = true;
      one("summary", hit).focus();
    }
  });

  // What the result would change: asked of the desk; without a network, as the sheet brought it.
  const told = document.getElementById("what-if");
  let asking, pending;
  async function whatIf() {
    const result = form.elements.result.value;
    const kept = one(`.kept[data-result="${CSS.escape(result)}"]`, form);
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(form.dataset.whatIf, { method: "POST", body: new FormData(form), signal: asking.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const { sentence, window } = await answer.json();
      told.replaceChildren(...(sentence ? [Object.assign(document.createElement("b"), { textContent: told.dataset.lead }), ` ${sentence}`] : []));
      document.getElementById("window").textContent = window;
    } catch (error) {
      if (error.name !== "AbortError") told.replaceChildren(...(kept ? [...kept.cloneNode(true).childNodes] : []));
    }
  }
  const soon = () => {
    clearTimeout(pending);
    pending = setTimeout(whatIf, 250);
  };
  form.addEventListener("change", soon);
  form.addEventListener("input", soon);
})();
