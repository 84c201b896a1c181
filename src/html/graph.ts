// The chain as a graph, in the order of the backward pass: the loss above, the inputs below, an arrow for each gradient that is
// handed on. A node's layer is the longest way to it from an output.

import { at, escaped } from '../pictures/svg.js';
import type { GradientReport, ReportData } from '../proof/schema.js';
import { symbols } from './words.js';

interface Node {
  /** Undefined for a bend of an arrow that passes a layer. */
  readonly name?: string;
  readonly width: number;
  x: number;
}

const [height, gap, between, bend, letter] = [34, 16, 12, 8, 7.3];
/** Larger chains are not drawn: nobody could read them. */
const mostNodes = 300;

/** The graph as SVG, with a link to each gradient's section; empty where there is nothing to draw. `hrefs` has their addresses. */
export function graph(report: ReportData, hrefs: ReadonlyMap<string, string>): string {
  const gradients = new Map(report.gradients.map((gradient) => [gradient.name, gradient]));
  const edges = report.chain.flatMap(({ name, from }) =>
    from.flatMap((to) => (to === name ? [] : [{ from: name, to }])),
  );
  const layerOf = layersOf(report, edges);
  if (layerOf.size === 0 || layerOf.size > mostNodes) return '';
  const { layers, paths } = placed(layerOf, edges, (name) => widthOf(name, gradients.get(name), name === report.root));
  const all = layers.flat();
  const left = Math.min(...all.map(({ x, width }) => x - width / 2)) - 4;
  const right = Math.max(...all.map(({ x, width }) => x + width / 2)) + 4;
  const total = layers.length * (height + gap) - gap + 8;
  const top = (layer: number) => 4 + layer * (height + gap);
  const arrows = paths.map(({ from, to, nodes }) => {
    const isCarrying = isFaulty(gradients.get(from)) && isFaulty(gradients.get(to));
    return `<path class="edge${isCarrying ? ' carrying' : ''}" d="${arrow(nodes, layerOf.get(from)!, top)}" marker-end="url(#${isCarrying ? 'tip-fault' : 'tip'})"/>`;
  });
  const drawn = layers.flatMap((layer, i) =>
    layer.flatMap((node) =>
      node.name === undefined
        ? []
        : [
            nodeMark(
              node as Required<Node>,
              top(i),
              gradients.get(node.name),
              node.name === report.root,
              hrefs.get(node.name),
            ),
          ],
    ),
  );
  const [width, tall] = [Math.ceil(right - left), Math.ceil(total)];
  return `<svg class="graph${width > 420 ? ' broad' : ''}" viewBox="${at(left)} 0 ${width} ${tall}" width="${width}" height="${tall}" role="group" aria-label="The chain, from the loss down to the inputs">
<defs>${['tip', 'tip-fault'].map((id) => `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path class="${id}" d="M0 .5 8 4 0 7.5z"/></marker>`).join('')}</defs>
${arrows.join('')}
${drawn.join('\n')}
</svg>`;
}

function isFaulty(gradient: GradientReport | undefined): boolean {
  return gradient?.verdict === 'wrong' || gradient?.verdict === 'inherited';
}

/** The layer of each name: 0 for the outputs. */
function layersOf({ chain }: ReportData, edges: readonly { from: string; to: string }[]): Map<string, number> {
  const layers = new Map<string, number>();
  for (const { name } of [...chain].reverse()) {
    if (!layers.has(name)) layers.set(name, 0);
    const below = layers.get(name)! + 1;
    for (const { from, to } of edges) if (from === name) layers.set(to, Math.max(layers.get(to) ?? 0, below));
  }
  return layers;
}

/** Every node, and every bend of a long arrow, in its layer with a place. */
function placed(
  layerOf: ReadonlyMap<string, number>,
  edges: readonly { from: string; to: string }[],
  width: (name: string) => number,
) {
  const layers: Node[][] = Array.from({ length: Math.max(...layerOf.values()) + 1 }, () => []);
  const nodes = new Map<string, Node>();
  for (const [name, layer] of layerOf) {
    const node = { name, width: width(name), x: 0 };
    nodes.set(name, node);
    layers[layer]!.push(node);
  }
  const neighbours = new Map<Node, { above: Node[]; below: Node[] }>();
  const of = (node: Node) => {
    if (!neighbours.has(node)) neighbours.set(node, { above: [], below: [] });
    return neighbours.get(node)!;
  };
  const paths = edges.flatMap(({ from, to }) => {
    const [first, last] = [layerOf.get(from)!, layerOf.get(to)!];
    if (last <= first) return [];
    const bends = Array.from({ length: last - first - 1 }, (_, i) => {
      const node = { width: bend, x: 0 };
      layers[first + 1 + i]!.push(node);
      return node;
    });
    const path = [nodes.get(from)!, ...bends, nodes.get(to)!];
    path.slice(1).forEach((node, i) => {
      of(node).above.push(path[i]!);
      of(path[i]!).below.push(node);
    });
    return [{ from, to, nodes: path }];
  });
  order(layers, of);
  align(layers, of);
  for (const { nodes } of paths) straighten(nodes.slice(1, -1), layers);
  return { layers, paths };
}

type Neighbours = (node: Node) => { above: Node[]; below: Node[] };

/** Orders each layer by the mean place of its neighbours, down and up in turns, which leaves few crossings. */
function order(layers: Node[][], of: Neighbours): void {
  const number = (layer: Node[]) =>
    layer.forEach((node, i) => {
      node.x = (i + 0.5) / layer.length;
    });
  layers.forEach(number);
  for (let sweep = 0; sweep < 13; sweep++) {
    const down = sweep % 2 === 0;
    for (const layer of down ? layers : [...layers].reverse()) {
      const wish = new Map(layer.map((node) => [node, mean(down ? of(node).above : of(node).below, node.x)]));
      layer.sort((a, b) => wish.get(a)! - wish.get(b)!);
      if (down) leavesOutwards(layer, of);
      number(layer);
    }
  }
}

/** Puts what leads on between the leaves of the same node, so that the chain runs straight. */
function leavesOutwards(layer: Node[], of: Neighbours): void {
  const isLeaf = (node: Node) => of(node).below.length === 0;
  for (let begin = 0; begin < layer.length; ) {
    const above = of(layer[begin]!).above;
    const isSibling = (node: Node) =>
      node.name !== undefined && above.length === 1 && of(node).above.length === 1 && of(node).above[0] === above[0];
    let end = begin + 1;
    while (end < layer.length && isSibling(layer[begin]!) && isSibling(layer[end]!)) end++;
    const siblings = layer.slice(begin, end);
    const leaves = siblings.filter(isLeaf);
    const half = leaves.length >> 1;
    layer.splice(
      begin,
      end - begin,
      ...leaves.slice(0, half),
      ...siblings.filter((node) => !isLeaf(node)),
      ...leaves.slice(half),
    );
    begin = end;
  }
}

/** Moves nodes towards their neighbours, as far as the order and the distance within a layer allow. */
function align(layers: readonly Node[][], of: Neighbours): void {
  for (const layer of layers) {
    layer.forEach((node) => {
      node.x = 0;
    });
    settle(layer);
  }
  for (let sweep = 0; sweep < 60; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      for (const node of layer) {
        const { above, below } = of(node);
        const near = [...above, ...below];
        // Nodes line up with nodes, and bends keep out of their way.
        const nodes = near.filter(({ name }) => name !== undefined);
        node.x = mean(node.name === undefined || nodes.length === 0 ? near : nodes, node.x) * 0.98;
      }
      settle(layer);
    }
  }
}

/** Gives the bends of an arrow the place of the outermost, where that is free in every layer. */
function straighten(bends: readonly Node[], layers: readonly Node[][]): void {
  const [left, right] = [Math.min(...bends.map(({ x }) => x)), Math.max(...bends.map(({ x }) => x))];
  const isFree = (x: number) =>
    bends.every((own) =>
      layers
        .find((layer) => layer.includes(own))!
        .every((other) => other === own || Math.abs(other.x - x) >= (other.width + own.width) / 2),
    );
  const place = [right, left].find(isFree);
  if (place !== undefined) for (const own of bends) own.x = place;
}

/** The nearest places, in least squares, at which the nodes of a layer keep their distance: isotonic regression. */
function settle(layer: readonly Node[]): void {
  const offsets: number[] = [];
  layer.forEach(({ width }, i) => {
    offsets.push(i === 0 ? 0 : offsets[i - 1]! + (layer[i - 1]!.width + width) / 2 + between);
  });
  const groups: { sum: number; weight: number; count: number }[] = [];
  layer.forEach(({ x, name }, i) => {
    const weight = name === undefined ? 0.02 : 1;
    groups.push({ sum: weight * (x - offsets[i]!), weight, count: 1 });
    for (let last = groups.length - 1; last > 0; last--) {
      const [a, b] = [groups[last - 1]!, groups[last]!];
      if (a.sum / a.weight <= b.sum / b.weight) break;
      groups.splice(last - 1, 2, { sum: a.sum + b.sum, weight: a.weight + b.weight, count: a.count + b.count });
    }
  });
  let i = 0;
  for (const { sum, weight, count } of groups) {
    for (const end = i + count; i < end; i++) layer[i]!.x = sum / weight + offsets[i]!;
  }
}

function mean(nodes: readonly Node[], otherwise: number): number {
  return nodes.length === 0 ? otherwise : nodes.reduce((sum, { x }) => sum + x, 0) / nodes.length;
}

/** A smooth line from the lower side of the first node past the bends to the upper side of the last. */
function arrow(nodes: readonly Node[], layer: number, top: (layer: number) => number): string {
  let path = `M${at(nodes[0]!.x)} ${at(top(layer) + height)}`;
  for (let i = 1; i < nodes.length; i++) {
    const [from, to] = [nodes[i - 1]!, nodes[i]!];
    const [start, end] = [top(layer + i - 1) + height, top(layer + i)];
    const middle = (start + end) / 2;
    path += `C${at(from.x)} ${at(middle)} ${at(to.x)} ${at(middle)} ${at(to.x)} ${at(end)}`;
    if (i < nodes.length - 1) path += `V${at(end + height)}`;
  }
  return path;
}

function label(name: string): string {
  return name.length > 19 ? `d${name.slice(0, 18)}…` : `d${name}`;
}

function verdictText(gradient: GradientReport | undefined, isRoot: boolean): string {
  if (gradient === undefined) return 'not judged';
  return isRoot ? 'first wrong step' : gradient.verdict;
}

function widthOf(name: string, gradient: GradientReport | undefined, isRoot: boolean): number {
  return Math.max(label(name).length * letter + 34, verdictText(gradient, isRoot).length * 5.6 + 34);
}

function nodeMark(
  { name, x, width }: Required<Node>,
  top: number,
  gradient: GradientReport | undefined,
  isRoot: boolean,
  href: string | undefined,
): string {
  const state = gradient?.verdict ?? 'none';
  const text = verdictText(gradient, isRoot);
  const shape = [
    label(name) === `d${name}` ? '' : `<title>d${escaped(name)}, ${text}</title>`,
    `<rect x="${at(x - width / 2)}" y="${top}" width="${at(width)}" height="${height}" rx="7"/>`,
    `<text class="sign" aria-hidden="true" x="${at(x - width / 2 + 16)}" y="${top + 22}" text-anchor="middle">${gradient === undefined ? '·' : symbols[gradient.verdict]}</text>`,
    `<text class="name" x="${at(x - width / 2 + 28)}" y="${top + 14}">${escaped(label(name))}</text>`,
    `<text class="what" x="${at(x - width / 2 + 28)}" y="${top + 27}">${text}</text>`,
  ].join('');
  const classes = `node ${state}${isRoot ? ' root' : ''}`;
  return href === undefined
    ? `<g class="${classes}">${shape}</g>`
    : `<a class="${classes}" href="${href}">${shape}</a>`;
}
