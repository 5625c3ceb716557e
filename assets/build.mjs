// Builds every page asset into khet/core/ui/static/vendor: bundled, purged, hashed, compressed.
// Run through build.py, which installs the locked packages first.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";
import { purging } from "./purge.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "..");
const OUT = join(ROOT, "khet/core/ui/static/vendor");
// Built aside and moved file by file, so that a running server never meets half a build.
const ASIDE = join(HERE, "node_modules/.khet-build");
const COMPRESSIBLE = /\.(css|js|svg|json)$/;

const BUNDLED = [
  "@expo-google-fonts/sarabun", "@fontsource/ibm-plex-sans-thai-looped", "@tabler/core", "@tabler/icons", "echarts", "htmx.org", "leaflet", "survey-core", "survey-js-ui", "tslib", "zrender",
];

const HEADS = {
  "@tabler/core": "dist/css/tabler.css", "survey-core": "fesm/survey-core.mjs", "survey-js-ui": "fesm/survey-js-ui.mjs",
};

const manifest = {};

const hashed = (name, content) => {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  return name.replace(/(\.[^.]+)$/, `-${hash}$1`);
};

async function emit(name, content, { listed = true } = {}) {
  const file = hashed(name, content);
  await writeFile(join(ASIDE, file), content);
  if (COMPRESSIBLE.test(file)) {
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    await writeFile(join(ASIDE, `${file}.br`), brotliCompressSync(content, quality));
    await writeFile(join(ASIDE, `${file}.gz`), gzipSync(content, { level: 9 }));
  }
  if (listed) manifest[name] = file;
  return file;
}

async function fonts() {
  const folder = join(HERE, "node_modules/@fontsource/ibm-plex-sans-thai-looped/files");
  const faces = [];
  for (const weight of [400, 600]) {
    for (const subset of ["thai", "latin"]) {
      const content = await readFile(join(folder, `ibm-plex-sans-thai-looped-${subset}-${weight}-normal.woff2`));
      const file = await emit(`plex-${subset}-${weight}.woff2`, content);
      faces.push({ file, weight, range: RANGES[subset] });
    }
  }
  return faces
    .map(
      ({ file, weight, range }) =>
        `@font-face{font-family:"Khet Text";font-style:normal;font-weight:${weight};font-display:swap;` +
        `src:url(${file}) format("woff2");unicode-range:${range}}`,
    )
    .join("\n");
}

// Fonts of official papers, as whole files: they are read by the PDF writer, never sent to a browser.
async function paperFonts() {
  const folder = join(HERE, "node_modules/@expo-google-fonts/sarabun");
  for (const weight of ["400Regular", "700Bold"]) {
    await emit(`sarabun-${weight.slice(0, 3)}.ttf`, await readFile(join(folder, weight, `Sarabun_${weight}.ttf`)));
  }
}

// What fontsource's own style sheet declares for these two subsets.
const RANGES = {
  thai: "U+02D7,U+0303,U+0331,U+0E01-0E5B,U+200C-200D,U+25CC",
  latin:
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F," +
    "U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
};

// Pictures inside the style sheet become files: the content security policy allows 'self' and no data: address.
async function picturesToFiles(css) {
  const found = [...new Set(css.match(/url\((["']?)data:image\/svg\+xml[^)]*?\1\)(?=[\s;,}])/g) ?? [])];
  for (const url of found) {
    const body = url.replace(/^url\(["']?data:image\/svg\+xml[^,]*,/, "").replace(/["']?\)$/, "");
    const svg = decodeURIComponent(body.replace(/%(?![0-9a-f]{2})/gi, "%25")).replaceAll('\\"', '"');
    css = css.replaceAll(url, `url(${await emit("mark.svg", svg, { listed: false })})`);
  }
  return css;
}

async function bundled(entry) {
  const result = await esbuild.build({
    entryPoints: [join(HERE, "css", entry)],
    bundle: true,
    write: false,
    external: ["*.png", "data:*"],
    logLevel: "warning",
  });
  return result.outputFiles[0].text;
}

const minified = async (css) =>
  (await esbuild.transform(css, { loader: "css", minify: true, target: ["chrome105", "safari15.4", "firefox110"] })).code;

async function styles() {
  const own = await bundled("khet.css");
  const used = [...own.matchAll(/var\((--tblr-[\w-]+)/g)].map(([, name]) => name);
  const raw = await bundled("tabler.css");
  const [{ css }] = await new PurgeCSS().purge({ ...purging(ROOT, HERE, used), css: [{ raw }] });
  await paperFonts();
  await emit("khet.css", await minified((await fonts()) + (await picturesToFiles(css.replace(/@charset[^;]*;/, ""))) + own));
  await emit("survey.css", await minified(await picturesToFiles(await bundled("survey-form.css"))));
  await emit("map.css", await minified((await bundled("map.css")).replace(/url\([^)]*\.png\)/g, "none")));
}

async function scripts() {
  const common = { bundle: true, write: false, minify: true, target: "es2021", logLevel: "warning", legalComments: "none" };
  const theme = await esbuild.build({ ...common, entryPoints: [join(HERE, "js/theme.js")], format: "iife" });
  await emit("theme.js", theme.outputFiles[0].contents);
  const modules = await esbuild.build({
    ...common,
    entryPoints: [join(HERE, "js/khet.js")],
    outdir: ASIDE,
    format: "esm",
    splitting: true,
    entryNames: "[name]",
    chunkNames: "part-[name]-[hash]",
  });
  for (const { path, contents } of modules.outputFiles) {
    if (basename(path) === "khet.js") await emit("khet.js", contents);
    else await keep(basename(path), contents);
  }
}

// A chunk already carries esbuild's hash, and the others import it by that name.
async function keep(file, content) {
  await writeFile(join(ASIDE, file), content);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await writeFile(join(ASIDE, `${file}.br`), brotliCompressSync(content, quality));
  await writeFile(join(ASIDE, `${file}.gz`), gzipSync(content, { level: 9 }));
  const plain = file.replace(/^part-/, "").replace(/-[A-Z0-9]{8}(\.js)$/, "$1");
  manifest[plain] = file;
}

// One sprite of the icons named in icons.txt; a name ending in -filled takes the filled drawing.
async function icons() {
  const names = (await readFile(join(HERE, "icons.txt"), "utf8")).split("\n").map((line) => line.replace(/#.*/, "").trim());
  const symbols = [];
  for (const name of names.filter(Boolean)) {
    const filled = name.endsWith("-filled");
    const folder = filled ? "filled" : "outline";
    const path = join(HERE, "node_modules/@tabler/icons/icons", folder, `${name.replace(/-filled$/, "")}.svg`);
    const svg = await readFile(path, "utf8").catch(() => {
      throw new Error(`assets/icons.txt: '${name}' is no icon of @tabler/icons. See https://tabler.io/icons.`);
    });
    const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
    const paint = filled
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${body}</symbol>`);
  }
  manifest.icons = names.filter(Boolean);
  await emit("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

// What we serve of others carries their licences along.
async function licences() {
  const texts = [];
  for (const name of BUNDLED) {
    const folder = join(HERE, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    const own = files.filter((file) => /^(licenses\/)?(licen[cs]e|notice|copyright)[^/]*$/i.test(file)).sort();
    const words = await Promise.all(own.map((file) => readFile(join(folder, file), "utf8")));
    // Tabler's package and those of SurveyJS hold no licence file; what they ship names it at its head.
    if (!own.length) words.push((await readFile(join(folder, HEADS[name]), "utf8")).match(/\/\*[^]*?\*\//)[0]);
    texts.push(`${name} ${version} (${license})`, ...words, "-".repeat(80));
  }
  await writeFile(join(ASIDE, "LICENSES.txt"), texts.join("\n\n"));
}

async function swapIn() {
  await writeFile(join(ASIDE, "manifest.json"), JSON.stringify(manifest, null, 1));
  await mkdir(OUT, { recursive: true });
  const fresh = await readdir(ASIDE);
  // The manifest goes last: until then pages name the old files, which are still there.
  for (const file of fresh.sort((a, b) => (a === "manifest.json") - (b === "manifest.json"))) {
    await rename(join(ASIDE, file), join(OUT, file));
  }
  for (const file of await readdir(OUT)) if (!fresh.includes(file)) await rm(join(OUT, file), { recursive: true });
}

await rm(ASIDE, { recursive: true, force: true });
await mkdir(ASIDE, { recursive: true });
await styles();
await scripts();
await icons();
await licences();
await swapIn();
const weigh = async (name) => (await readFile(join(OUT, `${manifest[name]}.br`))).length;
console.log(`khet.css ${await weigh("khet.css")} B, khet.js ${await weigh("khet.js")} B (brotli) in ${OUT}`);
