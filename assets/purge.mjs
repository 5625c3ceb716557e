// Which classes of Tabler stay: those met in templates and code, and those only made at run time.
import { join } from "node:path";

// Django marks invalid fields, we build `status-*` and `bg-*-lt` from data, scripts add `show`, `active` and the like.
const MADE_AT_RUN_TIME = [
  /^is-(in)?valid$/, /^(in)?valid-feedback$/, /^alert-(success|info|warning|danger)$/, /^text-(start|end|center)$/,
  /^(show|active|disabled|collapsed|dragover)$/, /^htmx-/, /^table(-|$)/, /^form-(control|select|check|label|hint|text)/,
  /^btn(-(primary|secondary|danger|ghost|link|sm|lg|icon|list|outline-.+|ghost-.+))?$/, /^card(-|$)/, /^badge$/,
  /^list-group/, /^progress/, /^breadcrumb/, /^page-(item|link)$/, /^pagination$/, /^nav(-|$)/, /^input-group/,
  // Utilities a page builder may reach for before the next build.
  /^(d|flex|justify-content|align-items|align-self|gap|order)-/, /^(m|p)[tbsexy]?-(0|1|2|3|4|5|auto)$/,
  /^(m|p)[tbse]-(sm|md|lg)-(0|1|2|3|4|5|auto)$/, /^(row|col)(-|$)/, /^g[xy]?-[0-5]$/, /^text-(muted|secondary|danger|success|warning|nowrap|truncate|break|body|wrap)$/,
  /^(w|h)-(100|50|25|75|auto)$/, /^fw-/, /^fs-/, /^small$/, /^rounded/, /^border(-(0|top|bottom|start|end))?$/, /^visually-hidden/,
  /^overflow-/, /^position-/, /^sticky-top$/, /^float-/, /^list-(unstyled|inline)/,
];

// Families that are large and that Khet draws itself or never shows.
const NEVER = [/^navbar/, /^offcanvas/, /^carousel/, /^modal/, /^dropdown-menu-(arrow|card|columns)/, /^avatar/, /^ribbon/, /^theme-/];

export const purging = (root, here) => ({
  content: [
    join(root, "khet/**/*.html"),
    join(root, "khet/**/ui/*.py"),
    join(root, "khet/**/templatetags/*.py"),
    join(root, "khet/**/forms.py"),
    join(here, "js/*.js"),
  ],
  defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
  safelist: { standard: [...MADE_AT_RUN_TIME, "html", "body"], deep: [], greedy: [], variables: [] },
  blocklist: NEVER,
  variables: true,
  keyframes: true,
  fontFace: false,
});
