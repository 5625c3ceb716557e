// From our chart description (khet/core/ui/charts.py) to ECharts options. No state, no page.
const MARK = { met: "✓", near: "!", missed: "✕", no_data: "–", no_target: "" };
const hue = (status, c) => c[`${status}-mid`] ?? (status ? c.none : c.accent);

const number = (value, decimals) =>
  value === null || value === undefined
    ? "–"
    : Number(value).toLocaleString("en", { minimumFractionDigits: 0, maximumFractionDigits: decimals ?? 1 });

const common = (spec, c, family) => ({
  animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  animationDuration: 250,
  textStyle: { fontFamily: family, color: c.ink, fontSize: 13 },
  grid: { left: 8, right: 20, top: 36, bottom: 8, containLabel: true },
  tooltip: {
    renderMode: "richText",
    confine: true,
    backgroundColor: c.paper,
    borderColor: c.edge,
    textStyle: { color: c.ink, fontFamily: family, fontSize: 13 },
  },
});

const axis = (c, more = {}) => ({
  axisLine: { lineStyle: { color: c.edge } },
  axisTick: { show: false },
  axisLabel: { color: c["ink-2"], fontSize: 12, hideOverlap: true },
  nameTextStyle: { color: c["ink-2"], align: "left" },
  splitLine: { lineStyle: { color: c.line } },
  ...more,
});

const saying = (spec, word, value, decimals = spec.decimals) => `${spec.words[word]} ${number(value, decimals)}`;

const targetLine = (spec, c) =>
  spec.target && {
    silent: true,
    z: 1, // under the numbers, which stand on the page's own ground
    symbol: "none",
    animation: false,
    lineStyle: { color: c.ink, type: "solid", width: 1.5 },
    label: {
      formatter: saying(spec, "target", spec.target.value),
      color: c.ink,
      position: "start",
      fontSize: 12,
    },
    data: [{ xAxis: spec.target.value }],
  };

// What the straight lines and the band are. They stand in a key above the picture, where no line crosses the words; as
// series they also make the axis reach them. None of them answers the pointer.
const quiet = { type: "line", symbol: "none", silent: true, animation: false };
const ruled = (name, data, color, type, width) => ({ ...quiet, name, data, color, lineStyle: { color, type, width } });

function references(spec, c) {
  const { target, limits: stretches, words, x } = spec;
  const found = [];
  if (target) found.push(ruled(saying(spec, "target", target.value), x.map(() => target.value), c.ink, "solid", 1.5));
  const last = stretches?.at(-1);
  if (!last) return found;
  const between = `${number(last.low, spec.decimals)}–${number(last.high, spec.decimals)}`;
  const band = { ...quiet, name: `${words.limits} ${between}`, data: [last.low, last.high], color: c["none-soft"], lineStyle: { opacity: 0 } };
  // Of counts a mean is seldom whole: "0" beside a line that stands above it would be wrong.
  const finer = Number.isInteger(last.mean) ? spec.decimals : Math.max(spec.decimals, 1);
  return [...found, ruled(saying(spec, "mean", last.mean, finer), [], c["ink-2"], "dashed", 1), band];
}

function key(spec, named, c) {
  const box = { icon: "rect", itemStyle: { borderColor: c.edge, borderWidth: 1 } };
  const rule = { itemStyle: { opacity: 0 } };
  const entries = named.map(({ name, lineStyle }) => ({ name, ...(lineStyle.opacity === 0 ? box : rule) }));
  return [...(spec.series.length > 1 ? spec.series.map(({ name }) => ({ name })) : []), ...entries];
}

function line(spec, c, width) {
  const single = spec.series.length === 1;
  const paints = [c.accent, c.ink, c.near, c.none, c.met];
  const signals = new Set(spec.signals ?? []);
  const named = references(spec, c);
  const data = key(spec, named, c);
  const rows = !data.length ? 0 : data.length > 2 && width < 440 ? 2 : 1;
  return {
    legend: {
      show: rows > 0, data, selectedMode: false, top: 0, left: 0, itemWidth: 22, itemHeight: 10,
      textStyle: { color: c.ink, fontSize: 12 },
    },
    grid: { left: 8, right: 20, top: 36 + 24 * rows, bottom: 8, containLabel: true },
    xAxis: axis(c, { type: "category", data: spec.x, boundaryGap: false }),
    yAxis: axis(c, {
      type: "value", name: spec.unit, min: spec.min, max: spec.max, scale: spec.min === undefined,
      minInterval: spec.decimals === 0 ? 1 : 0,
    }),
    tooltipTrigger: "axis",
    series: [
      ...spec.series.map((one, index) => ({
        name: one.name,
        type: "line",
        symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
        symbolSize: (value, { dataIndex }) => (single && signals.has(dataIndex) ? 13 : 8),
        color: paints[index % paints.length],
        lineStyle: { width: 2, type: ["solid", "dashed", "dotted"][index % 3] },
        connectNulls: false,
        data: one.values.map((value, at) => ({
          value,
          symbol: single && signals.has(at) ? "diamond" : undefined,
          itemStyle: single && signals.has(at) ? { color: c.missed } : undefined,
        })),
        markLine: index === 0 ? means(spec, c) : undefined,
        markArea: index === 0 ? limits(spec, c) : undefined,
      })),
      ...named,
    ],
  };
}

// The band between the natural process limits, one piece for each stretch with limits of its own.
const limits = (spec, c) =>
  spec.limits?.length && {
    silent: true,
    itemStyle: { color: c["none-soft"], opacity: 0.75 },
    data: spec.limits.map(({ from, to, low, high }) => [
      { xAxis: spec.x[from], yAxis: low },
      { xAxis: spec.x[to], yAxis: high },
    ]),
  };

const means = (spec, c) => {
  if (!spec.limits?.length) return undefined;
  const mean = spec.limits.map(({ from, to, mean: level }) => [
    { coord: [spec.x[from], level], lineStyle: { color: c["ink-2"], type: "dashed", width: 1 } },
    { coord: [spec.x[to], level] },
  ]);
  return { silent: true, symbol: "none", animation: false, label: { show: false }, data: mean };
};

const bar = (spec, c, width) => ({
  grid: { left: 8, right: 64, top: spec.target ? 28 : 8, bottom: 8, containLabel: true },
  xAxis: axis(c, { type: "value", min: spec.min, max: spec.max, name: undefined }),
  yAxis: axis(c, {
    type: "category",
    inverse: true,
    data: spec.items.map((item) => item.name),
    axisLabel: { color: c.ink, fontSize: 12, width: Math.min(220, width * 0.38), overflow: "truncate", interval: 0 },
    splitLine: { show: false },
  }),
  tooltipTrigger: "item",
  series: [
    {
      type: "bar",
      name: spec.unit,
      barMaxWidth: 14,
      data: spec.items.map((item) => ({
        value: item.value,
        href: item.href,
        cursor: item.href ? "pointer" : "default",
        itemStyle: { color: hue(item.status, c) },
        label: { formatter: `${MARK[item.status] ?? ""} ${number(item.value, spec.decimals)}`.trim() },
      })),
      label: { show: true, position: "right", color: c.ink, fontSize: 12, backgroundColor: c.paper, padding: [0, 2] },
      markLine: targetLine(spec, c),
    },
  ],
});

const heatmap = (spec, c, width) => ({
  grid: { left: 8, right: 8, top: 8, bottom: 48, containLabel: true },
  xAxis: axis(c, { type: "category", data: spec.x, splitLine: { show: false } }),
  yAxis: axis(c, {
    type: "category",
    inverse: true,
    data: spec.y,
    axisLabel: { color: c.ink, fontSize: 12, width: Math.min(220, width * 0.35), overflow: "truncate" },
    splitLine: { show: false },
  }),
  visualMap: {
    min: spec.min ?? 0,
    max: spec.max ?? 100,
    calculable: false,
    orient: "horizontal",
    left: "center",
    bottom: 0,
    text: [number(spec.max ?? 100, 0), number(spec.min ?? 0, 0)],
    textStyle: { color: c.ink },
    inRange: { color: [c["none-soft"], c.accent] },
  },
  tooltipTrigger: "item",
  series: [{ type: "heatmap", data: spec.cells, itemStyle: { borderColor: c.paper, borderWidth: 1 } }],
});

const scatter = (spec, c) => ({
  grid: { left: 8, right: 20, top: 36, bottom: 28, containLabel: true },
  xAxis: axis(c, {
    type: "value", name: spec.xName, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: c["ink-2"] }, scale: true,
  }),
  yAxis: axis(c, { type: "value", name: spec.yName, scale: true }),
  tooltipTrigger: "item",
  series: [
    {
      type: "scatter",
      symbolSize: 10,
      data: spec.points.map((point) => ({
        name: point.name,
        value: [point.x, point.y],
        href: point.href,
        symbol: { missed: "diamond", near: "triangle" }[point.status] ?? "circle",
        itemStyle: { color: hue(point.status, c), opacity: 0.8 },
      })),
    },
  ],
});

const says = (spec) => (hit) => {
  const of = (value) => `${number(value, spec.decimals)}${spec.unit ? ` ${spec.unit}` : ""}`;
  if (Array.isArray(hit)) {
    const own = hit.filter(({ seriesIndex }) => seriesIndex < spec.series.length);
    return [hit[0].axisValueLabel, ...own.map((one) => `${one.seriesName}: ${of(one.value)}`)].join("\n");
  }
  if (spec.kind === "heatmap") return `${spec.y[hit.value[1]]} · ${spec.x[hit.value[0]]}: ${of(hit.value[2])}`;
  if (spec.kind === "scatter") return `${hit.name}\n${spec.xName}: ${number(hit.value[0])}\n${spec.yName}: ${number(hit.value[1])}`;
  return `${hit.name}: ${of(hit.value)}`;
};

export function options(spec, c, family, width) {
  const { tooltipTrigger, ...own } = { line, bar, heatmap, scatter }[spec.kind](spec, c, width);
  const base = common(spec, c, family);
  return { ...base, ...own, tooltip: { ...base.tooltip, trigger: tooltipTrigger, formatter: says(spec) } };
}
