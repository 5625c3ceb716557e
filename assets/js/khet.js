// The one script of every page. Charts and maps are fetched only where one stands on the page.
import "./requests.js";
import "./menus.js";
import "./keys.js";
import "./theme-choice.js";
import "./saving.js";
import { enliven as conditions } from "./conditions.js";
import { enliven as dropZones } from "./drop.js";
import { enliven as exits } from "./exit.js";

const enliven = (root) => {
  dropZones(root);
  conditions(root);
  exits(root);
  if (root.querySelector("[data-chart]")) import("./charts.js").then((charts) => charts.enliven(root));
  if (root.querySelector("[data-sheet], [data-waiting-here]")) import("./assess.js").then((assess) => assess.enliven(root));
  if (root.querySelector("[data-kept]")) import("./kept-form.js").then((forms) => forms.enliven(root));
  if (root.querySelector("[data-survey], [data-survey-sent], [data-code-form]")) import("./survey-page.js").then((page) => page.enliven(root));
  if (root.querySelector("form[data-offline]")) import("./offline.js").then((offline) => offline.enliven(root));
  if (root.querySelector("[data-map]")) import("./map.js").then((map) => map.enliven(root));
};

enliven(document);
document.addEventListener("htmx:load", (event) => enliven(event.target));

// What was written without a line is sent as soon as there is one, from whatever page.
const waiting = () => indexedDB.databases?.().then((all) => all.some((one) => one.name === "khet-waiting") && import("./offline.js").then((offline) => offline.sendAll()));
waiting();
window.addEventListener("online", waiting);
