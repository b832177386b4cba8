// Files dropped onto the form are chosen as if by hand; what is too large is told before it is sent.
"use strict";

const zone = document.querySelector("[data-drop-zone]");
const field = zone.querySelector("input[type=file]");
const told = document.getElementById("drop-errors");
const unbound = /\.(mbox|eml|zip)$|^[^.]+$/i;

function fault() {
  const files = [...field.files];
  if (files.length > Number(zone.dataset.most)) return zone.dataset.tooMany;
  const all = files.reduce((sum, file) => sum + file.size, 0);
  const large = files.find((file) => file.size > Number(zone.dataset.largest) && !unbound.test(file.name));
  if (large) return `„${large.name}“ ${zone.dataset.tooLarge}`;
  return all > Number(zone.dataset.room) ? `„${files[0].name}“ ${zone.dataset.noRoom}` : "";
}

function chosen() {
  told.textContent = fault();
  return !told.textContent;
}

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone.classList.add("over");
  });
}

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) zone.classList.remove("over");
});

document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  zone.classList.remove("over");
  field.files = event.dataTransfer.files;
  if (chosen()) zone.requestSubmit();
});

field.addEventListener("change", chosen);

zone.addEventListener("submit", (event) => {
  if (!chosen()) {
    event.preventDefault();
    return;
  }
  zone.querySelector("button").disabled = true;
  zone.querySelector("[data-sending]").hidden = false;
});
