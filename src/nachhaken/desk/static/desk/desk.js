// What makes the desk quicker for hands on a keyboard. Every page works without it.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);

// Rows: the selected one is marked, its pane is fetched by htmx.
const rows = () => all("[data-row], .mails > li").filter((row) => row.offsetParent);
const selected = () => rows().find((row) => row.ariaCurrent === "true");
let asked; // the latest row wins, however the answers arrive

function mark(row) {
  selected()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
}

function move(by) {
  const list = rows();
  const at = list.indexOf(selected());
  const row = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  if (!row || row === selected()) return;
  mark(row);
  const link = row.matches("[data-row]") && one("a[hx-get]", row);
  if (link) link.click();
  else one("a", row)?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-row] a[hx-get]");
  if (link) {
    mark(link.closest("[data-row]"));
    asked = link.getAttribute("href");
    history.replaceState(null, "", asked);
  }
  const opener = event.target.closest("[data-open]");
  if (opener && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    open(opener.dataset.open);
  }
  const dismisser = event.target.closest("[data-dismiss]");
  const correction = dismisser?.closest("[id^=correction-]");
  if (correction) {
    event.preventDefault();
    correction.replaceChildren();
  }
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

// Without HTTPS a browser keeps the clipboard to itself; then the text at least stands selected.
document.addEventListener("click", async (event) => {
  const copier = event.target.closest("[data-copy]");
  if (!copier) return;
  const field = one(copier.dataset.copy);
  field.select();
  await navigator.clipboard?.writeText(field.value);
  if (navigator.clipboard) copier.textContent = copier.dataset.copied;
});

// A row chosen twice opens.
document.addEventListener("dblclick", (event) => {
  const link = event.target.closest("[data-row]")?.querySelector("[data-open-page]");
  if (link) location.href = link.dataset.openPage;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const from = event.detail.requestConfig?.elt;
  if (from?.closest?.("[data-row]") && from.getAttribute("href") !== asked) event.detail.shouldSwap = false;
  // A form that was refused comes back with its faults.
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// A reply that was put right is drawn anew; the keyboard stays where it was.
document.addEventListener("htmx:afterSettle", (event) => {
  const reply = event.detail.elt;
  if (reply.id?.startsWith("reply-") && document.activeElement === document.body) one("a", reply)?.focus({ preventScroll: true });
});

// When htmx cannot load the piece, the whole page is the answer.
document.addEventListener("htmx:responseError", (event) => {
  const address = event.detail.elt.getAttribute("href");
  if (address && !address.startsWith("?")) location.href = address;
});

function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  const input = one("input", dialog);
  if (input) {
    input.value = "";
    input.focus();
    htmx.trigger(input, "input");
  }
}

// In the palette the arrows walk through what was found.
function walk(dialog, by) {
  const stops = [one("input", dialog), ...all(".found a", dialog)];
  const at = stops.indexOf(document.activeElement);
  stops[(at + by + stops.length) % stops.length]?.focus();
}

// An act of the selected row or, on its own page, of the opportunity.
function act(key) {
  const link = one(`[data-key="${key}"]`, selected() ?? document) ?? one(`[data-key="${key}"]`);
  const page = selected() && one("[data-open-page]", selected())?.dataset.openPage;
  if (key === "Enter" && page) location.href = page;
  else if (link) link.click();
}

let leader = 0;

// The second key of two, such as g h.
function go(address) {
  if (Date.now() - leader < 1200) location.href = address;
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  e: () => act("e"),
  c: () => act("c"),
  m: () => act("m"),
  s: () => act("s"),
  "/": () => (one("[data-search]") ? one("[data-search]").focus() : open("palette")),
  "?": () => open("keys"),
  g: () => { leader = Date.now(); },
  h: () => go("/"),
  a: () => go("/insight/"),
};

document.addEventListener("keydown", (event) => {
  const dialog = one("dialog[open]");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open("palette");
    return;
  }
  if (dialog) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      walk(dialog, event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key === "Enter" && event.target.matches("input")) {
      const first = one(".found a", dialog);
      if (first) {
        event.preventDefault();
        first.click();
      }
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  if (event.key === "Enter") {
    if (!event.target.closest("a, button, summary")) act("Enter");
  } else if (Object.hasOwn(keys, event.key)) {
    event.preventDefault();
    keys[event.key]();
  }
});

// A toast stays for 8 s, and as long as it has the pointer or the focus.
function expire(toast) {
  setTimeout(() => (toast.matches(":hover, :focus-within") ? expire(toast) : toast.remove()), 8000);
}

function ready(root) {
  all("[data-toast]:not([data-seen])", root).forEach((toast) => {
    toast.dataset.seen = "";
    expire(toast);
  });
  all("[data-needs-script]", root).forEach((piece) => piece.removeAttribute("hidden"));
}

ready(document);
document.addEventListener("htmx:load", (event) => ready(event.detail.elt));

// A double click must not post twice; the server knows the key, the person sees it.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && event.target.method === "post" && button.formTarget !== "_blank") setTimeout(() => { button.disabled = true; });
});
addEventListener("pageshow", (event) => { if (event.persisted) all("button:disabled").forEach((button) => { button.disabled = false; }); });
