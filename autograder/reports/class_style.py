"""The style sheet of the class report: on screen, and on A4 paper on its side."""

STYLE = """
:root { --ink: #222; --soft: #5b6470; --line: #dfe3e8; --wash: #f6f8fa; --accent: #0072b2; }
* { box-sizing: border-box; }
body {
  margin: 0; color: var(--ink); background: #fff;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif;
}
header, main { max-width: 1000px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
h1 { font-size: 28px; margin: 0; }
header p { color: var(--soft); margin: 2px 0 8px; font-size: 17px; }
nav a { display: inline-block; margin: 4px 14px 4px 0; color: var(--accent); }
section { margin: 26px 0 60px; }
h2 { font-size: 22px; border-bottom: 2px solid var(--ink); padding-bottom: 6px; }
h2 small { font-weight: 400; color: var(--soft); margin-left: 12px; font-size: 16px; }
h3 { font-size: 18px; margin: 36px 0 4px; }
h4 { font-size: 15px; margin: 22px 0 6px; }
p { margin: 4px 0 10px; max-width: 84ch; color: #3b424b; }
figure { margin: 6px 0 10px; break-inside: avoid; }
.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 10px; }
.tiles div { background: var(--wash); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.tiles b { display: block; font-size: 23px; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: 13px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; margin: 6px 0 12px; }
th { text-align: left; color: var(--soft); font-weight: 600; border-bottom: 1.5px solid var(--ink); padding: 5px 12px 5px 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--line); padding: 5px 12px 5px 0; vertical-align: top; overflow-wrap: anywhere; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
td.k, th.k { white-space: nowrap; }
tr { break-inside: avoid; }
h2, h3, h4, h3 + p { break-after: avoid; }
@media (max-width: 720px) { .tiles { grid-template-columns: repeat(3, 1fr); } }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  header, main { padding: 0; max-width: none; }
  section + section { break-before: page; }
  nav { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
