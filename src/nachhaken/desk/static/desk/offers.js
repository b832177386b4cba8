// What the page of an offer does beyond its form: sums beside the rows, and the keyboard where it is needed.
"use strict";

document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.detail.elt;
  for (const sum of document.querySelectorAll("#offer-state [data-sum]")) {
    const shown = document.getElementById(sum.dataset.sum);
    if (shown) shown.textContent = sum.textContent;
  }
  if (swapped.id === "positions") [...swapped.querySelectorAll("textarea")].at(-1)?.focus();
});
