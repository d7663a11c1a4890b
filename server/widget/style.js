// How it looks. Everything a site may want to change is a variable (--recollect-…) or a part.

export const css = `
:host { display: block; position: relative; color-scheme: light dark; text-align: start;
  --_accent: var(--recollect-accent, light-dark(#1a56c4, #8db4ff));
  --_text: var(--recollect-text, light-dark(#1c1f24, #e9ebee));
  --_soft: var(--recollect-soft, light-dark(#565d68, #a9b1bd));
  --_back: var(--recollect-background, light-dark(#ffffff, #191c21));
  --_raised: var(--recollect-raised, light-dark(#eef2fa, #262c36));
  --_line: var(--recollect-line, light-dark(#c9ced6, #3b424d));
  --_mark: var(--recollect-mark, light-dark(#fdeaa0, #665500));
  --_round: var(--recollect-radius, 10px);
  font: var(--recollect-font, 400 16px/1.5 system-ui, sans-serif); color: var(--_text); }
:host([hidden]) { display: none; }
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; }
*, ::before { box-sizing: border-box; }
button, input { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.off { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.opener { display: inline-flex; align-items: center; gap: .5em; padding: .45em .8em; border: 1px solid var(--_line);
  border-radius: var(--_round); background: var(--_back); color: var(--_soft); }
.opener:hover { border-color: var(--_accent); }
svg { inline-size: 1.1em; block-size: 1.1em; fill: none; stroke: currentColor; stroke-width: 2; flex: none; }
kbd { font: 500 .78em/1 ui-monospace, monospace; border: 1px solid var(--_line); border-radius: 5px; padding: .25em .4em; }
form { display: flex; align-items: center; gap: .5em; padding-inline: .8em; border: 1px solid var(--_line);
  border-radius: var(--_round); background: var(--_back); color: var(--_soft); }
form:focus-within { border-color: var(--_accent); outline: 2px solid var(--_accent); outline-offset: -1px; }
input { flex: 1; min-inline-size: 0; padding-block: .6em; border: 0; background: none; outline: 0; color: var(--_text);
  -webkit-appearance: none; appearance: none; }
input:focus-visible { outline: 0; }
input::placeholder { color: var(--_soft); opacity: 1; }
input::-webkit-search-cancel-button { display: none; }
.plain { border: 0; background: none; color: var(--_soft); padding: .3em .5em; border-radius: 6px; }
.plain:hover { background: var(--_raised); color: var(--_text); }
.panel { background: var(--_back); overflow: auto; overscroll-behavior: contain; }
.inline .panel { position: absolute; z-index: var(--recollect-layer, 1000); inset-inline: 0; margin-block-start: 6px;
  max-block-size: min(70vh, 36rem); border: 1px solid var(--_line); border-radius: var(--_round);
  box-shadow: 0 12px 32px rgb(0 0 0 / .22); min-inline-size: min(24rem, 92vw); }
dialog { inline-size: min(44rem, 94vw); max-block-size: min(85vh, 48rem); margin-block-start: 8vh; padding: 0; border: 1px solid var(--_line);
  border-radius: calc(var(--_round) + 4px); background: var(--_back); color: var(--_text); box-shadow: 0 24px 64px rgb(0 0 0 / .35); }
dialog[open] { display: flex; flex-direction: column; animation: rise .16s ease-out; }
dialog::backdrop { background: rgb(10 14 20 / .5); }
dialog form { border-width: 0 0 1px; border-radius: 0; padding-block: .25em; }
dialog form:focus-within { outline: 0; box-shadow: inset 0 -1px var(--_accent); }
@keyframes rise { from { opacity: 0; transform: translateY(-6px); } }
.panel > * { padding: .7em .9em; }
.panel > :empty { display: none; }
.panel > * + :not(:empty) { border-block-start: 1px solid var(--_line); }
h2 { margin: 0 0 .35em; font-size: .8em; font-weight: 600; color: var(--_soft); }
[role=listbox] { padding: .4em; }
[role=group] + [role=group] { margin-block-start: .25em; }
[role=option] { display: block; padding: .45em .6em; border-radius: 7px; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
[role=option][hidden] { display: none; }
.more { color: var(--_accent); cursor: pointer; }
[role=option]:hover { background: var(--_raised); }
[role=option][aria-selected=true] { background: var(--_raised); outline: 2px solid var(--_accent); outline-offset: -2px; }
.title { display: block; font-weight: 600; }
.place, .note { color: var(--_soft); font-size: .85em; }
[role=option] .place { display: block; }
.snippet { display: block; font-size: .9em; }
.section { margin-inline-start: 1em; padding-block: .25em; border-inline-start: 2px solid var(--_line); border-start-start-radius: 0; border-end-start-radius: 0; font-size: .92em; }
mark { background: var(--_mark); color: inherit; border-radius: 3px; }
.answer { background: var(--_raised); }
.answer p, .answer ol, .answer ul, .answer table, .answer pre { margin: 0 0 .6em; }
.answer a { color: var(--_accent); }
.answer sup { line-height: 1; }
.answer sup a { display: inline-block; min-inline-size: 1.5em; padding: .15em; text-align: center; }
.asked { font-weight: 600; }
.short { font-size: 1.25em; font-weight: 650; }
.text, .quoted, dt, dd { white-space: pre-line; }
.block { margin-block-end: .7em; }
h3 { margin: 0 0 .25em; font-size: .85em; font-weight: 600; color: var(--_soft); }
dl { margin: 0 0 .6em; } dt { font-weight: 650; } dd { margin-inline-start: 1.2em; }
.deep { margin-inline-start: 1.2em; }
.rest, .old { font-size: .85em; color: var(--_soft); }
.code { position: relative; }
pre { padding: .7em; padding-inline-end: 5em; overflow: auto; border: 1px solid var(--_line); border-radius: 7px;
  background: var(--_back); font: .86em/1.5 ui-monospace, monospace; direction: ltr; text-align: left; }
.copy { position: absolute; inset-block-start: .4em; inset-inline-end: .4em; padding: .2em .6em; background: var(--_raised); border: 1px solid var(--_line); border-radius: 6px; font-size: .8em; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92em; }
th, td { padding: .25em .6em; border: 1px solid var(--_line); text-align: start; vertical-align: top; }
.answer ul:not(.sources), .answer ol:not(.sources) { padding-inline-start: 1.7em; }
.place time { margin-inline-start: .7em; }
.sources { font-size: .88em; padding-inline-start: 1.6em; }
.chips { display: flex; flex-wrap: wrap; gap: .4em; }
.chips button { border: 1px solid var(--_line); border-radius: 99px; background: var(--_back); padding: .15em .7em; font-size: .85em; }
.chips [aria-pressed=true] { border-color: var(--_accent); background: var(--_raised); font-weight: 600; }
.chips.choices { align-items: center; margin-block-end: .7em; }
.choices span { font-size: .88em; color: var(--_soft); }
.choices button { color: var(--_accent); text-align: start; overflow-wrap: anywhere; }
[part=queries]::before { content: attr(aria-label); display: block; padding: .2em .75em; font-size: .8em; font-weight: 600; color: var(--_soft); }
.link { display: inline; padding: 0; border: 0; background: none; color: var(--_accent); text-decoration: underline; text-underline-offset: .15em; }
.note p { margin: 0; }
.turn summary { cursor: pointer; color: var(--_soft); font-size: .92em; padding-block: .15em; overflow: hidden; text-overflow: ellipsis; }
.turn .turn { padding-inline-start: 1em; border-inline-start: 2px solid var(--_line); }
.waiting, .refused { color: var(--_soft); }
.feedback { display: flex; flex-wrap: wrap; align-items: center; gap: .2em .6em; font-size: .88em; color: var(--_soft); }
.feedback button { border: 1px solid var(--_line); background: var(--_back); color: var(--_text); }
.feedback [aria-pressed=true] { border-color: var(--_accent); font-weight: 600; }
.page .panel { margin-block-start: .6em; border: 1px solid var(--_line); border-radius: var(--_round); }
.foot { display: flex; justify-content: space-between; gap: 1em; font-size: .85em; color: var(--_soft); }
.foot a { color: var(--_accent); }
@media (max-width: 40rem) { dialog { inline-size: 100vw; max-inline-size: 100vw; block-size: 100dvh; max-block-size: 100dvh; margin: 0; border: 0; border-radius: 0; } .opener kbd { display: none; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
@media (forced-colors: active) { [role=option][aria-selected=true] { background: Highlight; color: HighlightText; forced-color-adjust: none; }
  [role=option][aria-selected=true] * { color: HighlightText; background: none; } mark { background: Mark; color: MarkText; } form, .panel, dialog { border-color: CanvasText; } }
`;
