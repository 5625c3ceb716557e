// Draws what khet.core.ui.charts describes. Everything goes through the canvas and CSSOM, and tooltips are drawn, not
// written as HTML: ECharts' HTML tooltips carry style attributes, which our content security policy refuses.
import { BarChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import {
  GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { options } from "./chart-options.js";

use([
  BarChart, HeatmapChart, LineChart, ScatterChart, CanvasRenderer, GridComponent, LegendComponent, MarkAreaComponent,
  MarkLineComponent, TooltipComponent, VisualMapComponent,
]);

const PAPER = {
  ink: "#000000", "ink-2": "#333333", line: "#bbbbbb", edge: "#666666", paper: "#ffffff", ground: "#ffffff",
  accent: "#1d5a9e", "accent-soft": "#eef2f7", met: "#17713d", near: "#855300", missed: "#ae241c", none: "#586373",
  "met-soft": "#e2f3e8", "near-soft": "#fcefd3", "missed-soft": "#fce7e5", "none-soft": "#eaedf1", "met-mid": "#3a8f5d", "near-mid": "#b67c14", "missed-mid": "#cb5147",
};
const ROW = 24; // height of one ranked bar

const colours = () => {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(Object.keys(PAPER).map((name) => [name, style.getPropertyValue(`--k-${name}`).trim()]));
};
const font = () => getComputedStyle(document.body).fontFamily;
const shown = new Map();

async function specOf(figure, place) {
  const source = place.dataset.chartSrc;
  if (!source) return JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const answer = await fetch(source, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${source}: ${answer.status}`);
  return answer.json();
}

async function draw(place) {
  const figure = place.closest("figure");
  const spec = await specOf(figure, place);
  if (spec.kind === "bar") place.style.height = `${Math.max(6, spec.items.length + 2) * ROW}px`;
  if (spec.kind === "heatmap") place.style.height = `${Math.max(8, spec.y.length + 3) * ROW}px`;
  place.dataset.ready = "";
  // Text is measured when it is drawn, so the face must be there first.
  await document.fonts?.ready;
  const chart = init(place, null, { renderer: "canvas", devicePixelRatio: Math.max(2, devicePixelRatio) });
  const paint = (palette) => chart.setOption(options(spec, palette, font(), place.clientWidth), true);
  paint(colours());
  chart.on("click", ({ data }) => data?.href && location.assign(data.href));
  new ResizeObserver(() => chart.resize()).observe(place);
  shown.set(place, { chart, paint });
  figure.querySelector("[data-chart-png]")?.addEventListener("click", () => download(chart, paint, place));
}

function download(chart, paint, place) {
  paint(PAPER);
  const picture = chart.renderToCanvas({ pixelRatio: 2, backgroundColor: "#ffffff" });
  paint(colours());
  picture.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${place.dataset.chartName || "chart"}.png`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

const repaint = (palette) => shown.forEach(({ paint }) => paint(palette()));
document.addEventListener("khet:theme", () => repaint(colours));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => repaint(colours));
window.addEventListener("beforeprint", () => repaint(() => PAPER));
window.addEventListener("afterprint", () => repaint(colours));

export function enliven(root) {
  for (const place of root.querySelectorAll("[data-chart]:not([data-asked])")) {
    place.dataset.asked = ""; // htmx announces a page twice, and drawing waits for its data
    // The table twin stays when a chart cannot be drawn: open it rather than leave a gap.
    draw(place).catch((fault) => {
      delete place.dataset.ready;
      place.closest("figure")?.querySelector("details")?.setAttribute("open", "");
      console.error(fault);
    });
  }
}
