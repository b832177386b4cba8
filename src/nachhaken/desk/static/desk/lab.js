// Sliders beside the number fields of the workshop: each moves with the other.
"use strict";

for (const slider of document.querySelectorAll("[data-tunes]")) {
  const field = document.getElementById(slider.dataset.tunes);
  slider.addEventListener("input", () => { field.value = slider.value; });
  slider.addEventListener("change", (event) => {
    event.stopPropagation();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.addEventListener("input", () => { slider.value = field.value.replace(",", "."); });
}
