// Read before the first paint: the colours chosen on this machine. Without a choice the system's own hold (CSS alone).
const chosen = /(?:^|; )khet_theme=(light|dark)/.exec(document.cookie)?.[1];
if (chosen) document.documentElement.dataset.bsTheme = chosen;
document.documentElement.classList.add("js");
