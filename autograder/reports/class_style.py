"""The style sheet of the class report: light and dark, wide and narrow, on screen and on paper.

Colours of kinds are Okabe and Ito's, told apart by colour-blind eyes; in the dark the lighter ones.
"""

STYLE = """
:root {
  color-scheme: light dark;
  --page: #fbfbf9; --card: #fff; --ink: #23272e; --soft: #626a76; --line: #e4e5e2; --track: #ecedea; --accent: #0b6aa8; --wash: #e8f1f7;
  --good: #1f9d78; --wrong: #e3a128; --barred: #b973a0; --crash: #cc5a1c; --idle: #c3c7cc; --unread: #4b515b; --warm: #a8530f; --warmwash: #fbf0e4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #15181c; --card: #1c2026; --ink: #e4e6ea; --soft: #9aa3af; --line: #2d333b; --track: #2a3038; --accent: #72b7e6; --wash: #1d2f3d;
    --good: #35b48c; --wrong: #d9a441; --barred: #c88bb2; --crash: #e07b43; --idle: #4d5560; --unread: #aab1bb; --warm: #eda869; --warmwash: #33281d;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; color: var(--ink); background: var(--page);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif;
  overflow-wrap: anywhere;
}
header, main { max-width: 960px; margin: 0 auto; padding: 0 28px; }
header { padding-top: 40px; }
header > p { color: var(--soft); margin: 0; }
h1 { font-size: 32px; line-height: 1.2; letter-spacing: -.01em; margin: 2px 0 4px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 14px 0 0; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
section { margin: 52px 0 0; }
main { padding-bottom: 80px; }
h2 { font-size: 23px; line-height: 1.25; letter-spacing: -.005em; margin: 0 0 6px; }
h3 { font-size: 17px; margin: 26px 0 8px; }
h4 { font-size: 15px; margin: 20px 0 6px; }
small { font-weight: 400; color: var(--soft); font-size: .88em; }
p { margin: 4px 0 10px; max-width: 76ch; }
section > p, .part > p, .tiles + h4 + p { color: var(--soft); }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.what, .needs div { min-width: 0; }
details > summary { cursor: pointer; }
summary::marker { color: var(--soft); }
.short { margin-top: 30px; background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 20px 26px 14px; }
.short h2 { font-size: 15px; color: var(--soft); font-weight: 600; }
.short ul { margin: 0; padding: 0; list-style: none; }
.short li { margin: 0 0 9px; }
.short li span { color: var(--soft); font-size: 14px; }
.short ol { list-style: none; margin: 5px 0 0; padding: 0; }
.short ol li { display: flex; gap: 12px; margin: 0 0 4px; }
.short ol b { flex: none; width: 48px; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.mistakes, .needs { list-style: none; margin: 10px 0 0; padding: 0; }
.mistakes > li { display: grid; grid-template-columns: 118px 1fr; gap: 4px 24px; padding: 15px 0; border-top: 1px solid var(--line); break-inside: avoid; }
.mistakes h4 { font-size: 16px; font-weight: 600; margin: 0; line-height: 1.4; }
.share b { font-size: 23px; line-height: 1.2; font-variant-numeric: tabular-nums; }
.share span { display: block; color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
.bar { display: block; height: 6px; border-radius: 3px; background: var(--track); margin-top: 6px; overflow: hidden; }
.bar i { display: block; height: 100%; min-width: 2px; border-radius: 3px; background: var(--accent); }
.bar.plain i { background: var(--soft); opacity: .6; }
.facts { color: var(--soft); font-size: 14px; margin: 3px 0 4px; max-width: none; }
.told { font-size: 14.5px; margin: 3px 0; }
.told span { color: var(--soft); }
.who { font-size: 14px; margin: 2px 0 0; max-width: none; }
.who summary, .more > summary, .rules > summary { color: var(--accent); font-size: 14px; width: fit-content; }
.who p { margin: 4px 0 0; max-width: none; }
.tag { font-size: 12px; font-weight: 500; color: var(--soft); background: var(--track); border-radius: 9px; padding: 1px 8px; white-space: nowrap; }
.tag.new { color: var(--warm); background: var(--warmwash); }
.more { margin-top: 12px; }
.part { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 0 20px; margin: 12px 0 0; }
.part > summary { padding: 13px 0; line-height: 1.45; }
.part > summary span { color: var(--soft); font-size: 14px; margin-left: 4px; }
.part[open] { padding-bottom: 18px; }
.rules { font-size: 14px; color: var(--soft); }
.rules p, .rules ul { margin: 6px 0; }
.needs > li { display: flex; justify-content: space-between; align-items: center; gap: 20px; padding: 11px 0; border-top: 1px solid var(--line); }
.needs > li { break-inside: avoid; }
.needs p { color: var(--soft); font-size: 14.5px; margin: 1px 0 0; }
.many { padding-left: 20px; margin: 4px 0 10px; }
.spark { width: 96px; height: 26px; flex: none; display: block; }
.spark path, .trend path { fill: none; stroke-linecap: round; stroke-linejoin: round; }
.spark .m { stroke: var(--idle); stroke-width: 1.2; }
.spark .l { stroke: var(--accent); stroke-width: 1.8; }
.spark .d { fill: var(--accent); }
.spark .o { fill: var(--card); stroke: var(--crash); stroke-width: 1.3; }
.trend, .hist, .share { overflow-wrap: normal; white-space: nowrap; }
.trend { margin: 16px 0 18px; padding-left: 30px; }
.trend .plot { position: relative; height: 220px; }
.trend svg { position: absolute; width: 100%; height: 100%; overflow: visible; }
.trend path { vector-effect: non-scaling-stroke; }
.trend .g { stroke: var(--line); stroke-width: 1; }
.trend .b { fill: var(--wash); stroke: var(--wash); stroke-width: 2; }
.trend .l { stroke: var(--accent); stroke-width: 2.2; }
.trend .y { position: absolute; left: -30px; width: 22px; text-align: right; color: var(--soft); font-size: 12px; transform: translateY(-50%); }
.trend .v { position: absolute; width: 9px; height: 9px; margin: -4.5px; border-radius: 50%; background: var(--accent); border: 2px solid var(--page); }
.trend .v b { position: absolute; bottom: 8px; left: 50%; transform: translateX(-50%); font-size: 13px; font-variant-numeric: tabular-nums; }
.trend .x { display: flex; margin-top: 8px; color: var(--soft); font-size: 13px; }
.trend .x span { flex: 1 1 0; min-width: 0; text-align: center; overflow: hidden; }
.hist { display: flex; gap: 3px; height: 130px; margin: 4px 0 16px; max-width: 620px; }
.hist div { flex: 1; display: flex; flex-direction: column; justify-content: flex-end; text-align: center; }
.hist div { font-size: 12px; font-variant-numeric: tabular-nums; }
.hist b { font-weight: 500; }
.hist i { background: var(--accent); border-radius: 3px 3px 0 0; flex: none; }
.hist span { color: var(--soft); border-top: 1px solid var(--line); }
.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 10px; }
.tiles b { display: block; font-size: 21px; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: 13px; }
.stack { display: flex; width: 120px; height: 10px; gap: 1px; border-radius: 3px; overflow: hidden; margin-top: 6px; }
.good { background: var(--good); } .wrong { background: var(--wrong); } .barred { background: var(--barred); }
.crash { background: var(--crash); } .idle { background: var(--idle); } .unread { background: var(--unread); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; color: var(--soft); font-size: 13px; max-width: none; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; }
.wide { overflow-x: auto; margin: 6px 0 12px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; color: var(--soft); font-weight: 500; font-size: 13px; vertical-align: bottom; }
th { border-bottom: 1px solid var(--line); padding: 5px 14px 5px 0; }
td { border-bottom: 1px solid var(--line); padding: 6px 14px 6px 0; vertical-align: top; min-width: 3ch; }
td:first-child { min-width: 11ch; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; overflow-wrap: normal; }
td.k, th { white-space: nowrap; }
tr { break-inside: avoid; }
h2, h3, h4 { break-after: avoid; }
@media (max-width: 640px) {
  header, main { padding: 0 18px; }
  header { padding-top: 24px; }
  h1 { font-size: 27px; }
  section { margin-top: 42px; }
  .short { margin: 24px -6px 0; padding: 16px 18px 8px; }
  .mistakes > li { grid-template-columns: 1fr; }
  .share { display: flex; align-items: baseline; gap: 10px; }
  .share b { font-size: 20px; }
  .share .bar { flex: 1; align-self: center; margin: 0; }
  .part { padding: 0 14px; }
  .tiles { grid-template-columns: repeat(3, 1fr); }
  .trend .plot { height: 170px; }
  .stack { width: 96px; }
  .trend .v b { font-size: 12px; }
  .crowded .x span:nth-child(even), .crowded .v:nth-of-type(even) b { display: none; }
}
@media print {
  :root { color-scheme: light; }
  header, main { max-width: none; }
  nav { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
