// A map without tiles: boundaries and points from GeoJSON the office brought, coloured by status.
// Each feature's properties: name, and when known value (as text), status, href.
import { canvas, geoJSON, circleMarker, map as leaflet, svg } from "leaflet/dist/leaflet-src.esm.js";

const HEAVY = 3000; // above this many features drawing on a canvas is quicker than as elements
// Where no target says met or missed the value itself is drawn: `step` 1 to 4, darker and larger as it grows.
const looks = ({ status, step }, kind) => ({
  className: step ? `${kind} is-step-${step}` : status ? `${kind} is-${status}` : kind,
  radius: step ? 3 + 2 * step : 7,
  weight: 1.5,
});

// Built as elements, never as HTML: names come from files.
function label({ name, value, word }) {
  const box = document.createElement("div");
  const strong = document.createElement("strong");
  strong.textContent = name ?? "";
  box.append(strong);
  for (const text of [value, word]) if (text) box.append(document.createElement("br"), String(text));
  return box;
}

async function read(place) {
  const answer = await fetch(place.dataset.map, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${place.dataset.map}: ${answer.status}`);
  return answer.json();
}

async function draw(place) {
  const data = await read(place);
  if (!data.features?.length) throw new Error(`${place.dataset.map}: no features`);
  place.dataset.ready = "";
  const renderer = data.features.length > HEAVY ? canvas() : svg();
  const view = leaflet(place, { renderer, attributionControl: false, zoomSnap: 0.25, scrollWheelZoom: false });
  view.on("focus", () => view.scrollWheelZoom.enable()).on("blur", () => view.scrollWheelZoom.disable());
  const layer = geoJSON(data, {
    // Called for points too, and what it gives replaces what pointToLayer gave.
    style: ({ properties, geometry }) => looks(properties ?? {}, geometry.type === "Point" ? "k-point" : "k-shape"),
    pointToLayer: (feature, at) => circleMarker(at, looks(feature.properties ?? {}, "k-point")),
    onEachFeature: (feature, shape) => {
      const properties = feature.properties ?? {};
      if (!properties.name) return;
      shape.bindTooltip(label(properties), { sticky: true });
      if (properties.href) shape.on("click", () => location.assign(properties.href));
    },
  }).addTo(view);
  key(place, data.features);
  view.fitBounds(layer.getBounds(), { padding: [12, 12] });
}

// What the colours say, in words: each status that occurs, or the least and the most where the value itself is drawn.
function key(place, features) {
  const box = document.createElement("ul");
  box.className = "k-map-key";
  const entry = (text, looks) => {
    const line = document.createElement("li");
    const mark = document.createElement("span");
    mark.className = `k-map-mark ${looks}`;
    line.append(mark, text);
    box.append(line);
  };
  const points = features.map(({ properties }) => properties ?? {}).filter(({ href }) => href);
  const steps = points.filter(({ step }) => step).sort((one, other) => one.step - other.step);
  if (steps.length) {
    const lowest = steps[0], highest = steps.at(-1);
    for (const step of [1, 2, 3, 4]) entry(step === 1 ? lowest.value : step === 4 ? highest.value : "", `is-step-${step}`);
  } else {
    const words = new Map(points.map(({ status, word }) => [status, word]));
    for (const status of ["missed", "near", "met", "no_data"]) if (words.get(status)) entry(words.get(status), `is-${status}`);
  }
  if (box.children.length) place.before(box);
}

export function enliven(root) {
  for (const place of root.querySelectorAll("[data-map]:not([data-asked])")) {
    place.dataset.asked = ""; // htmx announces a page twice, and drawing waits for its data
    draw(place).catch((fault) => {
      delete place.dataset.ready;
      place.closest("figure")?.querySelector("details")?.setAttribute("open", "");
      console.error(fault);
    });
  }
}
