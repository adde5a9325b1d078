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
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-busy]");
  const said = link && link.parentElement.querySelector("[data-told]");
  if (said) said.textContent = link.dataset.busy;
});
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    const said = form.querySelector("[role=status]");
    if (said) said.textContent = form.dataset.busy;
  });
}
