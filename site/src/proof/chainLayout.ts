// Where the steps of a chain stand: the loss above, the inputs below, an arrow for each gradient that is handed on.

import { Graph, layout } from '@dagrejs/dagre';
import type { ChainStep } from 'handgrad/proof';

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly { readonly name: string; readonly x: number; readonly y: number; readonly width: number }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly path: string }[];
}

export const nodeHeight = 40;

/** The places of all steps and inputs. `widthOf` gives the width of a node. */
export function placed(chain: readonly ChainStep[], widthOf: (name: string) => number): Placed {
  const names = [...new Set(chain.flatMap(({ name, from }) => [name, ...from]))];
  // Names may be anything; numbers are keys that no object has already.
  const keys = new Map(names.map((name, i) => [name, `n${i}`]));
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 14, ranksep: 26, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of names) graph.setNode(keys.get(name)!, { width: widthOf(name), height: nodeHeight });
  const edges = chain.flatMap(({ name, from }) =>
    [...new Set(from)].filter((to) => to !== name).map((to) => ({ from: name, to })),
  );
  for (const { from, to } of edges) graph.setEdge(keys.get(from)!, keys.get(to)!);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: names.map((name) => {
      const { x, y, width } = graph.node(keys.get(name)!) as { x: number; y: number; width: number };
      return { name, x, y, width };
    }),
    edges: edges.map(({ from, to }) => {
      const { points } = graph.edge(keys.get(from)!, keys.get(to)!) as { points: { x: number; y: number }[] };
      return { from, to, path: curve(points) };
    }),
  };
}

/** A smooth line through points: a curve to the middle of each two. */
function curve(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  const at = ({ x, y }: { x: number; y: number }) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const middles = rest.slice(0, -1).map((point, i) => {
    const next = rest[i + 1]!;
    const end = i === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(end)}`;
  });
  return `M${at(first!)}${middles.length === 0 ? `L${at(rest.at(-1)!)}` : middles.join('')}`;
}
