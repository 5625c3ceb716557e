// Forms that save as you go: <form data-autosave hx-post=… hx-swap="none"> with a `.k-saving` line in it.
// A change is sent after a pause; leaving with something unsaved asks first.
const PAUSE = 800;
const timers = new WeakMap();
const unsaved = new Set();

const show = (form, state) => {
  const line = form.querySelector(".k-saving");
  if (!line) return;
  line.textContent = line.dataset[state];
  line.classList.toggle("is-failed", state === "failed");
};

const changed = (event) => {
  const form = event.target.closest("form[data-autosave]");
  if (!form) return;
  unsaved.add(form);
  show(form, "waiting");
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => form.requestSubmit(), PAUSE));
};
document.addEventListener("input", changed);
document.addEventListener("htmx:beforeRequest", ({ target }) => target.matches?.("form[data-autosave]") && show(target, "saving"));
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!target.matches?.("form[data-autosave]")) return;
  if (detail.successful) unsaved.delete(target);
  show(target, detail.successful ? "saved" : "failed");
});
window.addEventListener("beforeunload", (event) => unsaved.size && event.preventDefault());
