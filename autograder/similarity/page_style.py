"""The style sheet of the page of pairs: light and dark, from a telephone's width on."""

STYLE = """
:root { color-scheme: light dark; --ink: #222; --soft: #5b6470; --line: #dfe3e8; --wash: #f6f8fa; --page: #fff; --mark: #ffe59a; --mark-ink: #1d1a10; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7eb; --soft: #9aa4b0; --line: #39414b; --wash: #1d2229; --page: #14171c; --mark: #5c4a10; --mark-ink: #fff3cf; }
}
* { box-sizing: border-box; }
body {
  margin: 0; color: var(--ink); background: var(--page);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif;
}
header, main { max-width: 1240px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 24px; }
h1 { font-size: 26px; margin: 0; }
header p { color: var(--soft); margin: 2px 0 12px; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 40px 0 8px; }
h3 { font-size: 16px; margin: 18px 0 6px; overflow-wrap: anywhere; }
h3 small { font-weight: 400; color: var(--soft); margin-left: 10px; font-size: 13.5px; }
.words p, .words li { max-width: 90ch; }
.words .lead { font-size: 17px; }
.words details { color: var(--soft); }
.words summary { color: var(--ink); cursor: pointer; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
mark { background: var(--mark); color: var(--mark-ink); border-radius: 2px; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
.o { color: var(--soft); }
.pair { border: 1px solid var(--line); border-radius: 8px; margin: 12px 0; padding: 0 14px; }
.pair > summary { cursor: pointer; padding: 10px 0; }
.pair > summary:focus-visible { outline: 2px solid var(--soft); }
.who { font-weight: 600; overflow-wrap: anywhere; }
.who i { font-weight: 400; color: var(--soft); font-style: normal; }
.much { margin-left: 12px; font-variant-numeric: tabular-nums; }
.where { display: block; color: var(--soft); font-size: 13.5px; overflow-wrap: anywhere; }
.match { border-top: 1px solid var(--line); padding-bottom: 12px; }
.sides { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 12px; }
figure { margin: 0; min-width: 0; }
figcaption { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
pre {
  margin: 2px 0 0; padding: 10px; background: var(--wash); border: 1px solid var(--line); border-radius: 6px; max-height: 75vh; overflow: auto;
  white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace;
}
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13.5px; }
th, td { text-align: right; padding: 5px 0 5px 18px; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; vertical-align: bottom; }
th { color: var(--soft); font-weight: 600; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
@media (max-width: 720px) {
  header, main { padding: 0 12px; }
  .sides { grid-template-columns: minmax(0, 1fr); }
  .pair { padding: 0 10px; }
  .much { display: block; margin-left: 0; }
  h3 small { display: block; margin-left: 0; }
  th, td { padding-left: 10px; }
}
@media print { .pair { break-inside: avoid-page; } mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
