// Which classes of Tabler stay: those met in templates and code, and those only made at run time.
import { join } from "node:path";

const MADE_AT_RUN_TIME = [
  // Django's errors, our statuses and tones, what scripts add.
  /^is-/, /^(in)?valid-feedback$/, /^alert-(success|info|warning|danger)$/, /^(show|active|disabled|dragover)$/, /^htmx-/,
  // Widgets: the class is chosen in khet/core/ui/forms.py.
  /^form-(control|select|check|check-input|check-label|label|hint|text)$/,
];

// What a page builder may reach for between two builds; more is kept as soon as a template uses it.
const AT_HAND = [
  /^btn(-(primary|danger|sm|icon))?$/, /^card(-(header|title|body|footer))?$/, /^list-group(-item|-flush)?$/,
  /^table(-(responsive|hover|sm))?$/, /^breadcrumb(-item)?$/, /^page-(item|link)$/, /^pagination$/, /^nav(-tabs|-item|-link)?$/,
  /^input-group(-text)?$/, /^d-(none|flex|block|inline|inline-block|inline-flex|grid)$/, /^d-(sm|md|lg)-(none|block|flex|inline)$/,
  /^flex-(wrap|column|row|fill|grow-1|shrink-0)$/, /^justify-content-(between|end|center)$/, /^align-items-(center|start|end|baseline)$/,
  /^gap-[1-5]$/, /^[mp][tbxy]?-[0-5]$/, /^m[sexy]-auto$/, /^row$/, /^col$/, /^col-(auto|4|6|8|12)$/, /^col-(md|lg)-(3|4|5|6|7|8|9|12)$/,
  /^g-[2-4]$/, /^text-(secondary|danger|success|warning|nowrap|truncate|break|center|end|start)$/, /^[wh]-100$/, /^fw-bold$/,
  /^visually-hidden/, /^list-(unstyled|inline)$/, /^border-(0|top|bottom)$/, /^rounded$/,
];

// Families that are large and that Khet draws itself or never shows.
const NEVER = [
  /^navbar/, /^offcanvas/, /^carousel/, /^modal/, /^avatar/, /^ribbon/, /^theme-/, /^card-(gradient|stamp|rotate|img|status|tabs|group)/,
  /^(form|nav)-(selectgroup|colorinput|imagecheck|segmented|underline|fieldset|floating)/, /^btn-(outline|ghost|group|list|pinned)/,
];

// Elements and attributes may also come from Django's widgets and from texts of the office.
const ELEMENTS = (
  "html body h1 h2 h3 h4 h5 h6 p a ul ol li dl dt dd hr blockquote pre code kbd samp mark small sub sup strong b em abbr address " +
  "img svg figure figcaption table caption thead tbody tfoot tr th td form fieldset legend label input select textarea option " +
  "optgroup button output progress summary details dialog iframe template " +
  "type checkbox radio file search date number multiple size readonly disabled checked required open hidden tabindex href title"
).split(" ");

const IN_MARKUP = /class="[^"]*"|css="[^"]*"|<[a-z][\w-]*|type="\w+"|\b(?:data-bs-theme|role|aria-[a-z]+|hidden|open|popover)\b/g;
const words = (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [];
const namesInMarkup = (text) => (text.match(IN_MARKUP) ?? []).flatMap(words);

export const purging = (root, here, variables) => ({
  content: [
    join(root, "khet/**/*.html"),
    join(root, "khet/core/ui/**/*.py"),
    join(root, "khet/**/forms.py"),
    join(here, "js/*.js"),
  ],
  // Only what can name a class, an element or an attribute: words of running text ("row", "progress") would keep whole families.
  extractors: [
    { extensions: ["html"], extractor: namesInMarkup },
    { extensions: ["py", "js"], extractor: words },
  ],
  safelist: { standard: [...MADE_AT_RUN_TIME, ...AT_HAND, ...ELEMENTS], deep: [], greedy: [], variables },
  blocklist: NEVER,
  variables: true,
  keyframes: true,
  fontFace: false,
});
