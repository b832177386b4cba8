// The mail that is being written: kept when the page goes, and taken along into the mail program.
"use strict";

{
  const form = document.querySelector("[data-mail]");
  const link = document.querySelector("[data-mailto]");
  const line = (text) => encodeURIComponent(text).replaceAll("%0A", "%0D%0A");
  let typed = false;
  let leaving = false;

  const aim = () => {
    const to = link.dataset.mailto || form.elements.to?.value || "";
    link.href = `mailto:${encodeURIComponent(to).replaceAll("%40", "@")}?subject=${line(form.elements.subject.value)}&body=${line(form.elements.text.value)}`;
  };

  const keep = () => {
    if (typed && !leaving) navigator.sendBeacon(form.dataset.mail, new FormData(form));
    typed = false;
  };

  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", (event) => { leaving = event.submitter?.formTarget !== "_blank"; });
  document.addEventListener("htmx:beforeRequest", (event) => { if (leaving) event.preventDefault(); });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) typed = false; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
  addEventListener("pagehide", keep);
  addEventListener("pageshow", () => { leaving = false; });

  link?.addEventListener("click", () => {
    aim();
    document.getElementById("gone").hidden = false;
  });
  document.querySelector("[data-not-gone]")?.addEventListener("click", () => { document.getElementById("gone").hidden = true; });
}
