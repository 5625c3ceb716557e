// htmx under our content security policy: no inline styles, no eval; the CSRF token travels in a header.
import htmx from "htmx.org/dist/htmx.esm.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages hold records of people; none is left in the browser's storage
  scrollBehavior: "auto",
  // A refused form (409, 422) comes back as the fragment that says why, so it is shown like any other.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

// htmx notes the open page as soon as it is loaded. No address is ever pushed here, so nobody needs the note; who reports
// something from a shared device is to leave none.
sessionStorage.removeItem("htmx-current-path-for-history");

const token = () => document.querySelector('meta[name="csrf-token"]')?.content;
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") detail.headers["X-CSRFToken"] = token();
});

const line = () => document.getElementById("busy-line");
let waiting = 0;
let timer;
const count = (step) => {
  waiting = Math.max(0, waiting + step);
  clearTimeout(timer);
  // Quick answers show no line: a flash says nothing.
  timer = setTimeout(() => line()?.toggleAttribute("hidden", waiting === 0), waiting ? 250 : 0);
};
document.addEventListener("htmx:beforeRequest", () => count(1));
document.addEventListener("htmx:afterRequest", () => count(-1));

const say = (name) => {
  const box = document.getElementById("request-fault");
  if (!box) return;
  box.querySelector("[data-words]").textContent = box.dataset[name];
  box.hidden = false;
};
document.addEventListener("htmx:sendError", () => say("offline"));
document.addEventListener("htmx:responseError", ({ detail }) => say(detail.xhr.status === 404 ? "gone" : "failed"));
document.addEventListener("htmx:beforeRequest", () => document.getElementById("request-fault")?.toggleAttribute("hidden", true));

export { htmx };
