import { htmx } from "./requests.js";

// A file field that also takes files dropped on it, lists them with their sizes and shows how far sending is.
const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function list(zone, files) {
  const place = zone.querySelector(".k-drop-files");
  place.replaceChildren(
    ...[...files].map((file) => {
      const line = document.createElement("li");
      const name = document.createElement("span");
      const weight = document.createElement("span");
      name.textContent = file.name;
      weight.textContent = size(file.size);
      weight.className = "k-size";
      line.append(name, weight);
      return line;
    }),
  );
  const limit = Number(zone.dataset.limit);
  const heavy = limit && [...files].some((file) => file.size > limit);
  zone.querySelector("[data-too-large]")?.toggleAttribute("hidden", !heavy);
}

function watch(zone) {
  zone.classList.add("is-ready"); // the whole zone is a label now, in the page's language; the browser's own button is not
  const field = zone.querySelector("input[type=file]");
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("dragover");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("dragover"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("dragover");
    const files = new DataTransfer();
    for (const file of event.dataTransfer.files) if (field.multiple || !files.files.length) files.items.add(file);
    field.files = files.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.addEventListener("change", () => list(zone, field.files));
  field.form?.addEventListener("submit", (event) => send(event, zone));
  field.form?.addEventListener("htmx:xhr:progress", ({ detail }) => advance(zone, detail.loaded, detail.total));
}

const advance = (zone, done, whole) => {
  const bar = zone.querySelector("progress");
  if (!bar || !whole) return;
  bar.hidden = false;
  bar.value = done / whole;
};

// A plain form shows no progress, so it is sent by request; the answer's page then takes this page's place.
function send(event, zone) {
  const form = event.target;
  if (event.defaultPrevented || form.matches("[hx-post], [data-hx-post]")) return;
  event.preventDefault();
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ loaded, total }) => advance(zone, loaded, total));
  request.addEventListener("load", () => {
    // The answer is shown as it came (asking for it again would lose its messages), under its own address.
    if (request.responseURL) {
      history.replaceState({ ...history.state, answered: true }, "");
      history.pushState({ answered: true }, "", request.responseURL);
    }
    replace(request.responseText);
  });
  request.addEventListener("error", () => form.submit());
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.send(new FormData(form, event.submitter));
}

function replace(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById("main");
  if (!fresh) return location.reload();
  document.getElementById("main").replaceWith(fresh);
  document.title = page.title;
  htmx.process(fresh);
  fresh.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true })); // charts, maps and drop zones of the answer wake up
  fresh.focus();
}

export function enliven(root) {
  for (const zone of root.querySelectorAll(".k-drop:not([data-ready])")) {
    zone.dataset.ready = "";
    watch(zone);
  }
}

// Back from an answer shown that way, or forward to it: fetch the page, for only its address was kept. A step to a place
// on the page itself, as the skip link takes, carries no such mark.
window.addEventListener("popstate", (event) => event.state?.answered && location.reload());
