// Rating a customer one question at a time: by tap, by 1 2 3 or arrows, by a swipe. Without it, all stand on one page.
"use strict";

(() => {
  const rating = document.querySelector("[data-rating]");
  if (!rating) return;
  const form = rating.closest("form");
  const questions = [...rating.querySelectorAll("[data-question]")];
  const rest = rating.querySelector("[data-rest]");
  const save = form.querySelector("[data-save]");
  const back = form.querySelector("[data-back]");
  const swipes = rating.querySelector(".swipes");
  const progress = rating.querySelector("[data-progress]");
  const far = 48; // px: less is a tap
  let at = 0;

  form.classList.add("stepping");

  function show(next) {
    at = Math.max(0, Math.min(next, questions.length));
    const isLast = at === questions.length;
    questions.forEach((question, index) => { question.hidden = index !== at; });
    rest.hidden = save.hidden = !isLast;
    back.hidden = at === 0;
    swipes.hidden = at > 0;
    progress.hidden = isLast;
    progress.textContent = progress.dataset.progress.replace("{n}", at + 1).replace("{all}", questions.length);
    (isLast ? save : questions[at]).focus({ preventScroll: true });
  }

  function answer(index) {
    const radio = questions[at]?.querySelectorAll("input[type=radio]")[index];
    if (!radio) return;
    radio.checked = true;
    show(at + 1);
  }

  // A tap on the answer that stands already says it again: a change alone would not tell.
  rating.addEventListener("click", (event) => {
    const radio = event.target.closest("input[type=radio]");
    if (radio && event.detail > 0) show(at + 1);
  });

  const keys = { 1: 0, 2: 1, 3: 2, ArrowRight: 0, ArrowUp: 1, ArrowLeft: 2, 0: 3, ArrowDown: 3 };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.matches("input[type=text], textarea")) return;
    if (event.key === "Backspace" && at > 0) {
      event.preventDefault();
      show(at - 1);
    } else if (Object.hasOwn(keys, event.key) && at < questions.length) {
      event.preventDefault();
      event.stopPropagation();
      answer(keys[event.key]);
    } else if (event.key === "Enter" && event.target.matches("input[type=radio]") && at < questions.length) {
      // Enter would send the form before the last question.
      event.preventDefault();
      show(at + 1);
    }
  }, true);

  let from = null;
  rating.addEventListener("pointerdown", (event) => { from = event.pointerType === "mouse" ? null : [event.clientX, event.clientY]; });
  rating.addEventListener("pointercancel", () => { from = null; });
  rating.addEventListener("pointerup", (event) => {
    if (!from) return;
    const [right, down] = [event.clientX - from[0], event.clientY - from[1]];
    from = null;
    if (Math.max(Math.abs(right), -down) < far) return;
    if (Math.abs(right) > Math.abs(down)) answer(right > 0 ? 0 : 2);
    else answer(1);
  });

  back.addEventListener("click", () => show(at - 1));
  show(0);
})();
