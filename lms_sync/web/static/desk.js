/* What a page does besides, where scripts run; without them every form works all the same. */
"use strict";
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches && box.matches("[data-all]")) {
    for (const other of document.querySelectorAll(`input[name="${box.dataset.all}"]`)) other.checked = box.checked;
  }
  if (box.matches && box.matches("[data-send]")) box.form.requestSubmit();
});
for (const drop of document.querySelectorAll(".drop")) {
  const input = drop.querySelector("input[type=file]");
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
/* Progress: what takes a while says so where it was asked for. */
const SAVED = /\.(pdf|xlsx|ics)(\?|$)/;
function tell(place, words) {
  let said = place.querySelector("[role=status]");
  if (!said) {
    said = document.createElement("span");
    said.setAttribute("role", "status");
    said.className = "soft";
    place.append(" ", said);
  }
  said.textContent = words;
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link && SAVED.test(link.getAttribute("href"))) {
    tell(link.parentElement, "It is being made; your browser saves it in a moment.");
  }
});
/* A second click of a double click is none: its answer would hide that of the first, and say that all is done already. */
const DOUBLE = 2000;
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (event.timeStamp - sent.get(event.target) < DOUBLE) { event.preventDefault(); return; }
  sent.set(event.target, event.timeStamp);
  tell(event.target, event.target.dataset.busy || "One moment \u2026");
});
