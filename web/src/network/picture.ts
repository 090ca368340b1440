// The network drawn by sigma: what is shown, what stands out, where one looks.

import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { NodeCircleProgram, NodePointProgram } from "sigma/rendering";
import { apart, fade, mix } from "../shared/colours";
import type { Shown } from "./choice";
import type { Network } from "./data";
import { type Affine, LANE, lanes, nearest } from "./hit";
import { Labels } from "./labels";
import { keepLayers } from "./layers";
import { drawsInSoftware } from "./machine";
import { type TieDisplay, TieProgram } from "./tieprogram";

export interface Reader {
  hover(thing: Thing | undefined, x: number, y: number): void;
  pick(thing: Thing | undefined): void;
}

export type Thing = { node: number } | { tie: number };

export interface Palette {
  ink: string;
  ground: string;
  plain: string;
  against: string;
  contested: string;
}

const LARGE = 8_000; // nodes and ties past which all else is not dimmed when one node stands out
const HUGE = 30_000; // ties past which they are left out while the picture moves
const MANY = 1_500; // the same where there is no graphics card
const SLOW = 70; // milliseconds between two pictures while it moves, past which ties are left out
const POINTS = 1_000; // nodes past which they are drawn as points: a third of the work, but large ones are cut off
const CROWD = 300; // ties past which they are drawn lighter
const STEP = 0.12; // of the picture's width that an arrow key moves it
const NEAR = 8; // pixels from a tie that still mean it

export class Picture {
  private readonly graph = new MultiDirectedGraph();
  private readonly sigma: Sigma;
  private readonly lane: Float32Array;
  private readonly clear: number; // how much of the ground a tie hides, and how thin it is: less in a crowd
  private readonly thin: number;
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  private colours: string[] = [];
  private focus: Set<number> | undefined; // nodes that stand out
  private focused: Set<number> = new Set(); // ties that stand out
  private shown: Shown;

  constructor(
    private readonly network: Network,
    stage: HTMLElement,
    shown: Shown,
    private palette: Palette,
    reader: Reader,
  ) {
    this.shown = shown;
    const crowd = Math.max(1, network.ties.source.length / CROWD);
    this.clear = crowd ** -0.35;
    this.thin = Math.max(0.6, crowd ** -0.15);
    this.lane = lanes(network.ties.source, network.ties.target);
    this.recolour(palette);
    this.fill();
    const labels = new Labels(
      () => this.palette.ink,
      () => this.palette.ground,
    );
    const heavy = network.ties.source.length > (drawsInSoftware() ? MANY : HUGE);
    this.sigma = new Sigma(this.graph, stage, {
      allowInvalidContainer: true,
      defaultEdgeType: "tie",
      nodeProgramClasses: {
        circle: network.nodes.iri.length > POINTS ? NodePointProgram : NodeCircleProgram,
      },
      edgeProgramClasses: { tie: TieProgram },
      defaultDrawNodeLabel: labels.want,
      defaultDrawNodeHover: labels.hover,
      labelFont: "system-ui, sans-serif",
      labelSize: 12.5,
      labelDensity: 2,
      labelGridCellSize: 90,
      labelRenderedSizeThreshold: network.nodes.iri.length > 300 ? 6 : 0,
      minEdgeThickness: this.thin,
      stagePadding: 60,
      hideEdgesOnMove: heavy,
      hideLabelsOnMove: heavy,
      inertiaDuration: this.calm.matches ? 0 : 200,
      zoomDuration: this.calm.matches ? 0 : 200,
      doubleClickZoomingDuration: this.calm.matches ? 0 : 200,
      minCameraRatio: 0.005,
      maxCameraRatio: 4,
      zIndex: true,
      nodeReducer: (key, data) => this.node(Number(key), data),
      edgeReducer: (key, data) => this.tie(Number(key), data as TieDisplay),
    });
    this.sigma.on("beforeRender", () => labels.reset());
    this.sigma.on("afterRender", () => labels.flush());
    keepLayers(this.sigma);
    this.sigma.refresh();
    this.listen(stage, reader);
    this.hasten();
  }

  /** Shows what was chosen; nothing moves. */
  show(shown: Shown): void {
    this.shown = shown;
    this.sigma.refresh();
  }

  /** Lets a node with its neighbours, or a tie with its ends, stand out; nothing, where nothing is given. */
  highlight(thing: Thing | undefined): void {
    const before = [...(this.focus ?? [])];
    const ties = [...this.focused];
    this.focused = new Set(thing === undefined ? [] : "tie" in thing ? [thing.tie] : this.tiesAt(thing.node));
    this.focus = thing && new Set("node" in thing ? [thing.node] : []);
    for (const tie of this.focused)
      this.focus?.add(this.network.ties.source[tie]).add(this.network.ties.target[tie]);
    if (this.graph.order + this.graph.size <= LARGE) return void this.sigma.refresh({ skipIndexation: true });
    const nodes = [...before, ...(this.focus ?? [])].map(String);
    const edges = [...ties, ...this.focused].map(String);
    this.sigma.refresh({ partialGraph: { nodes, edges }, skipIndexation: true });
  }

  /** Moves to a node, near enough to read its surroundings. */
  goTo(node: number): void {
    const place = this.sigma.getNodeDisplayData(String(node));
    if (!place) return;
    const ratio = Math.min(
      this.sigma.getCamera().ratio,
      Math.max(0.06, 12 / Math.sqrt(this.graph.order) / 4),
    );
    this.move({ x: place.x, y: place.y, ratio });
  }

  close(): void {
    this.sigma.kill();
  }

  recolour(palette: Palette): void {
    this.palette = palette;
    this.colours = this.network.kinds.map((kind) => apart(kind.colour, palette.ground));
    this.sigma?.refresh();
  }

  zoom(by: number): void {
    this.move({ ratio: this.sigma.getCamera().ratio * by });
  }

  whole(): void {
    this.move({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
  }

  /** Where a node is on the stage, in pixels. */
  placeOf(node: number): { x: number; y: number } {
    const { x, y } = this.network.nodes;
    return this.sigma.graphToViewport({ x: x[node], y: y[node] });
  }

  /** Where the middle of a tie's line is on the stage, in pixels. */
  middleOf(tie: number): { x: number; y: number } {
    const { source, target } = this.network.ties;
    const [a, b] = [this.placeOf(source[tie]), this.placeOf(target[tie])];
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const aside = (this.lane[tie] * LANE) / length;
    return { x: (a.x + b.x) / 2 - (b.y - a.y) * aside, y: (a.y + b.y) / 2 + (b.x - a.x) * aside };
  }

  private move(state: { x?: number; y?: number; ratio?: number; angle?: number }): void {
    this.sigma.getCamera().animate(state, { duration: this.calm.matches ? 0 : 350 });
  }

  private fill(): void {
    const { nodes, ties, roles } = this.network;
    nodes.iri.forEach((_, node) => {
      this.graph.addNode(String(node), {
        x: nodes.x[node],
        y: nodes.y[node],
        size: nodes.size[node],
        label: nodes.label[node],
      });
    });
    ties.source.forEach((source, tie) => {
      this.graph.addDirectedEdgeWithKey(String(tie), String(source), String(ties.target[tie]), {
        lane: this.lane[tie],
        directed: roles[ties.role[tie]].directed,
      });
    });
  }

  private tiesAt(node: number): number[] {
    return this.network.at[node].filter((tie) => this.shown.weight[tie]);
  }

  private node<D>(node: number, data: D) {
    const colour = this.colours[this.network.nodes.kind[node]];
    const shown = { ...data, color: colour, hidden: !this.shown.nodes[node], zIndex: 0 };
    if (!this.focus) return shown;
    if (this.focus.has(node)) return { ...shown, forceLabel: this.focus.size < 40, zIndex: 1 };
    return { ...shown, color: mix(colour, this.palette.ground, 0.65), label: "" };
  }

  private tie(tie: number, data: TieDisplay) {
    const weight = this.shown.weight[tie];
    const dashed = weight > 0 && this.shown.contested[tie] === weight;
    const against = this.network.roles[this.network.ties.role[tie]].sign < 0;
    const colour = dashed ? this.palette.contested : against ? this.palette.against : this.palette.plain;
    const size = (1.3 + Math.min(5, Math.sqrt(weight) / 1.6)) * this.thin;
    const clear = Math.min(1, this.clear * (dashed ? 1.5 : 1));
    const shown = {
      ...data,
      color: fade(colour, clear),
      size,
      hidden: !weight,
      dashed,
      zIndex: dashed ? 1 : 0,
    };
    if (!this.focus) return shown;
    if (this.focused.has(tie)) return { ...shown, color: colour, size: size + 1.2, zIndex: 2 };
    return { ...shown, color: fade(colour, clear * 0.3) };
  }

  private lineUnder(x: number, y: number): number {
    const { nodes, ties } = this.network;
    const lines = { ...nodes, ...ties, lane: this.lane, weight: this.shown.weight };
    return nearest(lines, this.affine(), x, y, NEAR);
  }

  private affine(): Affine {
    const [o, i, j] = [
      [0, 0],
      [1, 0],
      [0, 1],
    ].map(([x, y]) => this.sigma.graphToViewport({ x, y }));
    return { a: i.x - o.x, b: j.x - o.x, c: i.y - o.y, d: j.y - o.y, e: o.x, f: o.y };
  }

  private listen(stage: HTMLElement, reader: Reader): void {
    let over: number | undefined;
    this.sigma.on("enterNode", ({ node, event }) => {
      over = Number(node);
      reader.hover({ node: over }, event.x, event.y);
    });
    const overLine = ({ x, y }: { x: number; y: number }) => {
      const tie = this.lineUnder(x, y);
      stage.classList.toggle("over", tie >= 0);
      reader.hover(tie < 0 ? undefined : { tie }, x, y);
    };
    this.sigma.on("leaveNode", ({ event }) => {
      over = undefined;
      overLine(event);
    });
    this.sigma.on("moveBody", ({ event }) => {
      if (over === undefined) overLine(event);
    });
    this.sigma.on("leaveStage", () => reader.hover(undefined, 0, 0));
    this.sigma.on("clickNode", ({ node }) => reader.pick({ node: Number(node) }));
    this.sigma.on("clickStage", ({ event }) => {
      const tie = this.lineUnder(event.x, event.y);
      reader.pick(tie < 0 ? undefined : { tie });
    });
    stage.addEventListener("keydown", (event) => this.key(event));
  }

  /** Leaves the ties out while the picture moves where a machine cannot draw them fast enough. */
  private hasten(): void {
    let [last, slow] = [0, 0];
    const watch = () => {
      const now = performance.now();
      const moving = this.sigma.getCamera().isAnimated() || this.sigma.getMouseCaptor().isMoving;
      const took = now - last;
      last = now;
      if (!moving || took < SLOW) slow = 0;
      else if (took < 20 * SLOW && ++slow >= 4) {
        this.sigma.removeListener("afterRender", watch);
        this.sigma.setSettings({ hideEdgesOnMove: true, hideLabelsOnMove: true });
      }
    };
    this.sigma.on("afterRender", watch);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { x, y, ratio } = this.sigma.getCamera().getState();
    const step = STEP * ratio;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => this.move({ x: x - step, y }),
      ArrowRight: () => this.move({ x: x + step, y }),
      ArrowUp: () => this.move({ x, y: y + step }),
      ArrowDown: () => this.move({ x, y: y - step }),
      "+": () => this.zoom(1 / 1.5),
      "=": () => this.zoom(1 / 1.5),
      "-": () => this.zoom(1.5),
      "0": () => this.whole(),
    };
    const act = moves[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
