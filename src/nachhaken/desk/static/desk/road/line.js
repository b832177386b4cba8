// The quiet line on every page: what waits, what was sent meanwhile, what has to be put right.
"use strict";

(() => {
  const box = document.getElementById("road");
  const { user, loggedOut } = document.body.dataset;
  road.user = Number(user) || 0;

  // A piece of the page's own words, with its places filled in.
  road.said = (name, places = {}) => {
    const piece = box.querySelector(`template[data-road="${name}"]`).content.firstElementChild.cloneNode(true);
    for (const [place, value] of Object.entries(places)) {
      for (const spot of piece.querySelectorAll(`[data-${place}]`)) {
        if (spot.matches("a")) spot.href = value;
        else spot.textContent = value;
      }
    }
    return piece;
  };
  const counted = (name, n, places) => road.said(n === 1 ? `${name}-one` : name, { n, ...places });

  function tapped(piece, act) {
    piece.querySelector("button").addEventListener("click", async () => {
      await act();
      await draw();
    });
    return piece;
  }

  const wrong = (one) => Object.values(one.errors ?? {}).flat().join(" ");
  const turned = (one, state) => () => road.put("outcomes", { ...one, state });
  const refusal = (one) =>
    tapped(road.said("refused", { who: one.who, words: wrong(one), link: `${one.sheet}#outcome` }), turned(one, "discarded"));
  // Discarded is deleted with the next page; until then it can be had back.
  const undoable = (one) => tapped(road.said("discarded", { who: one.who }), turned(one, "refused"));
  const news = (one) =>
    tapped(
      road.said(one.state === "set_aside" ? "aside" : "sent", { who: one.who, words: one.words, link: one.url }),
      () => road.remove("notices", one.key),
    );
  const told = (outcomes, notices) => [
    ...outcomes.filter((one) => one.state === "refused").map(refusal),
    ...outcomes.filter((one) => one.state === "discarded").map(undoable),
    ...notices.sort((a, b) => a.at - b.at).map(news),
  ];

  let needsLogin = loggedOut !== undefined;

  async function draw() {
    if (!road.user && !(await road.exists())) return;
    const [outcomes, notices] = await Promise.all([road.all("outcomes"), road.all("notices")]);
    const isMine = (one) => !road.user || one.user === road.user;
    const waiting = outcomes.filter((one) => one.state === "waiting");
    const mine = waiting.filter(isMine).length, others = waiting.length - mine;
    const lines = [
      ...(mine ? [counted(needsLogin ? "login" : "waiting", mine)] : []),
      ...(others ? [counted("others", others)] : []),
      ...(road.user ? told(outcomes.filter(isMine), notices.filter(isMine)) : []),
    ];
    box.querySelector("ul").replaceChildren(...lines);
    box.hidden = !lines.length;
    if (road.user && !document.hidden) await seen(notices.filter(isMine));
  }

  // Told once is told; what was set aside stays until it is tapped away.
  async function seen(notices) {
    for (const one of notices) if (!one.seen && one.state !== "set_aside") await road.put("notices", { ...one, seen: true });
  }

  // One try: what the desk says of it decides whether a login is asked for.
  road.attempt = async () => {
    if (!navigator.onLine || needsLogin || !(await road.exists())) return road.OFFLINE;
    const last = await road.sendAll();
    needsLogin = last === road.LOGIN;
    await draw();
    return last;
  };

  async function tidy() {
    for (const one of await road.all("outcomes")) if (one.state === "discarded") await road.remove("outcomes", one.key);
    for (const one of await road.all("notices")) if (one.seen) await road.remove("notices", one.key);
  }

  async function begin() {
    await road.ready;
    if (await road.exists()) {
      await tidy();
      await road.attempt();
    }
    await draw();
  }

  road.draw = draw;
  road.changes.addEventListener("message", draw);
  addEventListener("online", () => road.attempt());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) road.attempt(); });
  // A network that is there and leads nowhere tells nobody when it works again.
  setInterval(() => { if (!box.hidden && !document.hidden) road.attempt(); }, 60_000);
  document.addEventListener("DOMContentLoaded", begin);
})();
