// The page's style: light and dark, from a phone to a wide screen, and on paper.

const light = `--ground:#f7f8f9;--card:#fff;--ink:#1d2329;--soft:#55606b;--line:#dde2e7;--link:#0a53a8;--right:#0a53a8;--right-tint:#e7f0fb;--fault:#a63a00;--fault-tint:#fdf0e6;--fault-solid:#a63a00;--on-fault:#fff;--carry:#d27a35;--doubt:#6a3fa0;--doubt-tint:#f3edfb;`;
const dark = `--ground:#101317;--card:#171b20;--ink:#e6e9ed;--soft:#a2acb8;--line:#2c343d;--link:#8cc3ff;--right:#8cc3ff;--right-tint:#16283d;--fault:#ffae6b;--fault-tint:#33220f;--fault-solid:#ffae6b;--on-fault:#241000;--carry:#c07a3c;--doubt:#cdb0ff;--doubt-tint:#271f38;`;

/** CSS of the page; that of the pictures stands before it. */
export const style: string = `
:root{color-scheme:light dark;${light}}
@media(prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;overflow-wrap:anywhere;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,main,footer{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.25rem}
code,.number,.readout b,.place{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.92em}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.07em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.4rem .8rem}
h1{font-size:clamp(1.7rem,1.2rem + 2.2vw,2.6rem);line-height:1.15;margin:0 0 1rem;letter-spacing:-.02em;overflow-wrap:anywhere}
h2{font-size:1.2rem;line-height:1.3;margin:0 0 .6rem;letter-spacing:-.01em}
section{margin:2rem 0}
p{margin:.5rem 0;max-width:46rem}
ul{margin:.5rem 0;padding-left:1.2rem}
.eyebrow,.note,footer,.counts,.shape,figcaption,caption{color:var(--soft);font-size:.875rem}
.eyebrow{margin:0 0 .35rem}
.outcome{display:flex;gap:.9rem;align-items:center;max-width:none;margin:0;padding:.9rem 1.1rem;border-radius:12px;border:1px solid;font-size:1.1rem}
.outcome .sign{font-size:1.7rem;line-height:1;font-weight:700}
.outcome strong,.counts{display:block}
.outcome .counts{color:inherit}
.outcome.right{background:var(--right-tint);color:var(--right)}
.outcome.wrong{background:var(--fault-solid);color:var(--on-fault);border-color:var(--fault-solid)}
.outcome.undecided{background:var(--doubt-tint);color:var(--doubt)}
.card,.gradient,.overview>section{background:var(--card);border:1px solid var(--line);border-radius:12px}
.card,.overview>section{padding:1.1rem 1.25rem}
.cause{border-left:6px solid var(--doubt);margin-top:1.25rem}
.cause.is-wrong{border-left-color:var(--fault-solid)}
.cause h2:not(:first-child){margin-top:1.1rem}
.diagnosis{font-size:1.12rem;font-weight:600}
.others{list-style:none;padding:0}.others li{padding:.15rem 0}
.remark{padding-left:.8rem;border-left:3px solid var(--line)}
.steps{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.8rem 0}
.steps dt{color:var(--soft)}.steps dd{margin:0;min-width:0}.steps ul{list-style:none;padding:0;margin:0}
.overview{display:grid;gap:1.25rem;margin:1.25rem 0;grid-template-columns:minmax(0,1fr)}
.overview>section{margin:0;min-width:0}
@media(min-width:62rem){.overview:not(.alone){grid-template-columns:minmax(0,1fr) minmax(0,20rem);align-items:start}}
.verdict{white-space:nowrap;font-size:.875rem;font-weight:600;padding:.05rem .5rem;border-radius:99px;border:1px solid}
.exact,.rounding{--tone:var(--right)}
.verdict.exact,.verdict.rounding{color:var(--right);border-color:transparent;padding-left:0}
.verdict.wrong{background:var(--fault-solid);color:var(--on-fault);border-color:var(--fault-solid)}
.verdict.inherited{color:var(--fault);background:var(--fault-tint)}
.verdict.undecided,.verdict.unclaimed{color:var(--doubt);background:var(--doubt-tint);border-style:dashed}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.gradients{width:100%;font-size:.9rem}
.gradients th,.gradients td{padding:.28rem .38rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap;font-weight:400}
.gradients thead th{color:var(--soft);font-size:.8125rem;position:sticky;top:0;background:var(--card)}
.gradients th:first-child,.gradients td.of-verdict,.gradients thead th:nth-child(2){text-align:left}
.gradients th:first-child{padding-left:.6rem}
.gradients tbody tr:hover{background:var(--ground)}
.gradients tr.root{box-shadow:inset 4px 0 var(--fault-solid)}
.gradients tr.root th{font-weight:700}
.table-frame{overflow-x:auto}
.gradients code{display:inline-block;max-width:17rem;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}
.graph-frame{overflow-x:auto;text-align:center}
.graph{height:auto;display:inline-block}.graph:not(.broad){max-width:100%}
.edge{fill:none;stroke:var(--soft);stroke-width:1.2;opacity:.75}.edge.carrying{stroke:var(--carry);stroke-width:2.6;opacity:1}
.tip{fill:var(--soft)}.tip-fault{fill:var(--carry)}
.node{text-decoration:none}
.node rect{fill:var(--card);stroke:var(--soft);stroke-opacity:.55;stroke-width:1.2}.node:not(.exact,.rounding,.none) rect{stroke-opacity:1}
.node text{fill:var(--ink);font:10.5px system-ui,"DejaVu Sans",sans-serif}
.node .name{font:600 12px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.node .sign{font-size:15px;font-weight:700}
.node .what{fill:var(--soft)}
.node.exact .sign,.node.rounding .sign{fill:var(--right)}
.node.none rect{stroke-dasharray:3 3}
.node.inherited rect{fill:var(--fault-tint);stroke:var(--carry)}.node.inherited .sign,.node.inherited .what{fill:var(--fault)}
.node.wrong rect{fill:var(--fault-solid);stroke:var(--fault-solid)}.node.wrong text{fill:var(--on-fault)}
.node.root rect{stroke:var(--ink);stroke-width:3}
.node.undecided rect,.node.unclaimed rect{fill:var(--doubt-tint);stroke:var(--doubt);stroke-dasharray:5 3}.node.undecided .sign,.node.unclaimed .sign,.node.undecided .what,.node.unclaimed .what{fill:var(--doubt)}
a.node:hover rect,a.node:focus rect{stroke:var(--link);stroke-width:2.5}
a.node:focus-visible{outline:none}
.with-buttons{display:flex;flex-wrap:wrap;gap:.5rem 1rem;justify-content:space-between;align-items:baseline}
button{font:inherit;font-size:.875rem;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:8px;padding:.25rem .75rem;cursor:pointer}
.gradient{margin:.35rem 0;overflow:clip}
.gradient summary{padding:.6rem 1rem;cursor:pointer;line-height:1.6}
.gradient summary:hover{background:var(--ground)}
.gradient:target{border-color:var(--link)}
.gradient .title{font-weight:700}
.short{font-size:.9rem}
.inside{padding:.2rem 1.25rem 1.1rem;border-top:1px solid var(--line)}
.figures{font-size:.9rem;margin:.6rem 0}
.figures th,.figures td{padding:.2rem .9rem .2rem 0;text-align:right;font-weight:400;border-bottom:1px solid var(--line)}
.figures td,.figures thead th{white-space:nowrap}.figures th{overflow-wrap:normal}
.figures thead th{color:var(--soft);font-size:.8125rem}
.figures th:first-child{text-align:left}
.figures caption{text-align:left}
.beside{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;color:var(--soft);font-size:.9rem}
.pictures{display:flex;flex-wrap:wrap;gap:1.25rem 2.25rem;margin-top:1rem;align-items:flex-start}
.maps{min-width:0;max-width:100%}
.map-row{display:flex;flex-wrap:wrap;gap:1rem 1.25rem;padding:.25rem;margin:-.25rem;border-radius:8px}
figure{margin:0;max-width:100%;min-width:0}
.map{display:block;max-width:100%;height:auto;cursor:crosshair;touch-action:manipulation;outline:1px solid var(--line);overflow:visible}
figcaption{margin-top:.4rem;max-width:19rem}
figcaption b{color:var(--ink)}
.scale{display:flex;align-items:center;gap:.4rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.swatches{width:6.5rem;height:.6rem;flex:none}
.ring,.cursor{fill:none;vector-effect:non-scaling-stroke;stroke:var(--ink);stroke-width:2}
.cursor{stroke-width:2.5}
.readout{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin-top:.7rem;padding:.4rem .7rem;background:var(--ground);border-radius:8px;font-size:.9rem;min-height:2.2rem}
.place{font-weight:700}
.ulp svg{max-width:100%;height:auto;display:block}
.tiny{font-size:10.5px}
.mark,.mark-key{stroke:var(--hg-a6)}
.mark{stroke-width:2.5;fill:none}.mark-key{display:inline-block;width:1.1rem;border-top:2.5px solid var(--hg-a6);vertical-align:middle}
.legend{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:.8rem 1.5rem;margin:0}
.legend dd{margin:.15rem 0 0;font-size:.9rem}
footer{padding-bottom:2rem}
html:not(.scripted) .with-script{display:none}
@media(max-width:40rem){
header,main,footer{padding-inline:.8rem}
.card,.overview>section,.inside{padding-inline:.8rem}
.gradients,.gradients tbody{display:block}
.gradients thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.gradients tr{display:grid;grid-template-columns:4.7rem 5.3rem 1fr;gap:.1rem .35rem;padding:.5rem 0 .5rem .6rem;border-bottom:1px solid var(--line)}
.gradients th,.gradients td{border:0;padding:0!important;white-space:normal;text-align:left}
.gradients th{grid-column:1/3}.gradients td.of-verdict{justify-self:end}
.gradients td[data-label]{font-size:.8125rem;white-space:nowrap}
.gradients td[data-label]::before{content:attr(data-label) " ";color:var(--soft)}
.gradients td[data-label=ulp]{grid-column:1/3}
.steps{grid-template-columns:1fr;gap:0}.steps dd{margin-bottom:.4rem}
.figures{display:block;overflow-x:auto}
.map-row{gap:.8rem}.swatches{width:3rem}.scale{font-size:.75rem;gap:.25rem}figcaption{max-width:17rem}.map-row figcaption{max-width:9.2rem}
}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{
:root{${light}color-scheme:light}
body{background:#fff;font-size:10pt}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.skip,button,.with-script,footer{display:none!important}
header,main{max-width:none;padding:0}
.gradients thead th{position:static}
.card,.gradient,.overview>section{border-color:#bbb}
.gradient{overflow:visible;margin:.15rem 0}.gradient:not([open]){border:0}.gradient:not([open]) summary{padding-block:.1rem}
figure,.outcome,tr,.gradient summary{break-inside:avoid}
h2,.gradient summary{break-after:avoid}
.overview{display:block}.overview>section{margin-bottom:1rem}
.graph{max-width:100%;max-height:23cm;width:auto}
}
`;
