// The chain as a graph: the first wrong step, and what has inherited its fault.

import type { GradientReport } from 'handgrad/proof';
import type { HtmlReport } from 'handgrad/report';
import { useMemo } from 'preact/hooks';
import { useLoaded } from '../parts/useLoaded.js';
import { signs } from '../parts/verdicts.js';
import { labelOf } from './words.js';

/** Larger chains are not drawn: nobody could read them. */
const [mostNodes, mostEdges] = [300, 1000];
const longestLabel = 18;

interface Props {
  readonly report: HtmlReport;
  readonly chosen: string;
  onChoose(name: string): void;
}

export function Chain(props: Props) {
  const { chain } = props.report;
  const count = chain.reduce((sum, { from }) => sum + from.length, 0);
  if (chain.length === 0 || chain.length > mostNodes || count > mostEdges) return null;
  return <Drawn {...props} />;
}

function Drawn({ report, chosen, onChoose }: Props) {
  const { value: module, trouble } = useLoaded(() => import('./chainLayout.js'));
  const rows = useMemo(() => new Map(report.gradients.map((row) => [row.name, row])), [report]);
  const graph = useMemo(
    () => module?.placed(report.chain, (name) => widthOf(short(label(name, rows.get(name))), wordOf(name))),
    [module, report],
  );
  if (module === null || graph === undefined) return trouble;

  function isRoot(name: string): boolean {
    return name === report.root;
  }

  /** The gradient of what nothing is computed from is where the backward pass begins. */
  function wordOf(name: string): string {
    const row = rows.get(name);
    if (row !== undefined) return isRoot(name) ? 'first wrong step' : row.verdict;
    return report.chain.some(({ from }) => from.includes(name)) ? 'not written' : 'given';
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by the keyboard
    <section class="chain" aria-label="The chain, from the loss down to the inputs" tabIndex={0}>
      <div class="chain-inside" style={{ width: `${graph.width}px`, height: `${graph.height}px` }}>
        <svg viewBox={`0 0 ${graph.width} ${graph.height}`} aria-hidden="true">
          <defs>
            {['chain-tip', 'chain-tip-fault'].map((id) => (
              <marker
                key={id}
                id={id}
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="8"
                markerHeight="8"
                markerUnits="userSpaceOnUse"
                orient="auto"
              >
                <path class={id} d="M0 .5 8 4 0 7.5z" />
              </marker>
            ))}
          </defs>
          {graph.edges.map(({ from, to, path }, i) => {
            const carries = isFaulty(rows.get(from)) && isFaulty(rows.get(to));
            return (
              <path
                key={String(i)}
                class={`chain-edge ${carries ? 'carrying' : ''}`}
                d={path}
                marker-end={`url(#${carries ? 'chain-tip-fault' : 'chain-tip'})`}
              />
            );
          })}
        </svg>
        {graph.nodes.map(({ name, x, y, width }) => {
          const row = rows.get(name);
          const place = {
            left: `${x - width / 2}px`,
            top: `${y - module.nodeHeight / 2}px`,
            width: `${width}px`,
            height: `${module.nodeHeight}px`,
          };
          return (
            <button
              type="button"
              key={name}
              class={`chain-node ${row?.verdict ?? 'none'} ${isRoot(name) ? 'root' : ''}`}
              style={place}
              title={label(name, row)}
              disabled={row === undefined}
              aria-pressed={name === chosen}
              onClick={() => onChoose(name)}
            >
              <span class={`sign ${row?.verdict ?? ''}`} aria-hidden="true">
                {row === undefined ? '·' : signs[row.verdict]}
              </span>
              <span class="chain-name">{short(label(name, row))}</span>
              <span class="chain-verdict">{wordOf(name)}</span>
            </button>
          );
        })}
      </div>
    </section>
  );
}

const isFaulty = (row: GradientReport | undefined) => row?.verdict === 'wrong' || row?.verdict === 'inherited';

const label = (name: string, row: GradientReport | undefined) => (row === undefined ? name : labelOf(row));

const short = (text: string) => (text.length > longestLabel ? `${text.slice(0, longestLabel - 1)}…` : text);

/** In pixels: the wider of both lines, and the sign. */
const widthOf = (label: string, word: string) => Math.max(label.length * 8.2, word.length * 6.8) + 44;
