// Logging out: what waits is sent first, then nothing stays on this device.
"use strict";

(() => {
  const form = document.querySelector("form[data-leave]");
  if (!form || !road.user) return;

  const own = async () => ((await road.exists()) ? (await road.all("outcomes")).filter((one) => one.user === road.user && one.state !== "discarded") : []);

  async function forget() {
    await road.dropSheets();
    if (!(await road.exists())) return true;
    for (const store of ["outcomes", "drafts", "notices"]) {
      for (const one of await road.all(store)) if (one.user === road.user) await road.remove(store, one.key ?? one.id);
    }
    // What somebody else has not sent yet is not ours to delete.
    if ((await road.all("outcomes")).length) return false;
    await road.forget();
    return true;
  }

  async function leave() {
    const isEmpty = await forget();
    if (isEmpty) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "cleared", value: "1" }));
    HTMLFormElement.prototype.submit.call(form);
  }

  function say(piece) {
    document.querySelector(".road-notice")?.remove();
    piece.classList.add("road-notice");
    (form.closest("ul") ?? form).after(piece);
    piece.focus();
    return piece;
  }

  function choice(left) {
    const piece = say(road.said(left.length === 1 ? "leave-one" : "leave", { n: left.length }));
    piece.querySelector("[data-stay]").addEventListener("click", () => piece.remove());
    piece.querySelector("[data-go]").addEventListener("click", () => go(true));
  }

  async function go(isDecided) {
    if (!isDecided) {
      if ((await own()).length) await road.attempt();
      const left = await own();
      if (left.length) return choice(left);
    }
    if (!navigator.onLine) {
      await forget();
      await road.draw();
      return say(road.said("leave-offline"));
    }
    return leave();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await go(false).catch(() => HTMLFormElement.prototype.submit.call(form));
    setTimeout(() => { if (event.submitter) event.submitter.disabled = false; }, 50);
  });
})();
