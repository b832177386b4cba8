// Without a network: which call sheets are here.
"use strict";

(async () => {
  const list = document.getElementById("kept-sheets");
  const one = document.getElementById("kept-sheet").content.firstElementChild;
  const sheets = await road.keptSheets();
  for (const sheet of sheets) {
    const line = one.cloneNode(true);
    line.querySelector("a").href = sheet.url;
    for (const spot of line.querySelectorAll("[data-of]")) spot.textContent = sheet[spot.dataset.of];
    list.append(line);
  }
  list.hidden = !sheets.length;
  document.getElementById("no-sheets").hidden = !!sheets.length;
  const again = document.getElementById("again");
  again.href = location.pathname === "/offline" ? "/" : location.pathname.replace(/\/calls$/, "/call");
  // A network that leads nowhere is none: the list stays where the thumb is.
  addEventListener("online", async () => {
    await road.attempt();
    const isThere = await fetch("/csrf", { cache: "no-store" }).then((answer) => answer.status < 500, () => false);
    if (isThere) location.replace(again.href);
  });
})();
