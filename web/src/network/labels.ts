// Labels on the canvas: each in its own direction, with a rim of the ground's colour.

import type { Settings } from "sigma/settings";
import type { NodeDisplayData, PartialButFor } from "sigma/types";

const RIGHT_TO_LEFT =
  /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LONGEST = 48;

export const isRightToLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

type Node = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">;

interface Waiting {
  context: CanvasRenderingContext2D;
  node: Node;
  settings: Settings;
}

/** `ink` and `ground` are asked at each drawing: they change with the reader's colour scheme. */
export class Labels {
  private waiting: Waiting[] = [];

  constructor(
    private readonly ink: () => string,
    private readonly ground: () => string,
  ) {}

  /** Remembers a label until all of a picture are known. */
  readonly want = (context: CanvasRenderingContext2D, node: Node, settings: Settings): void => {
    if (node.label) this.waiting.push({ context, node, settings });
  };

  /** The node under the pointer: a ring and its label. */
  readonly hover = (context: CanvasRenderingContext2D, node: Node, settings: Settings): void => {
    context.beginPath();
    context.arc(node.x, node.y, node.size + 3, 0, Math.PI * 2);
    context.lineWidth = 2;
    context.strokeStyle = this.ink();
    context.stroke();
    this.draw({ context, node, settings }, []);
  };

  /** Forgets what a picture before this one wanted. */
  reset(): void {
    this.waiting = [];
  }

  /** Draws those that hide no other one, the largest nodes first. */
  flush(): void {
    const taken: DOMRect[] = [];
    this.waiting.sort((a, b) => Number(forced(b)) - Number(forced(a)) || b.node.size - a.node.size);
    for (const one of this.waiting) this.draw(one, taken);
    this.reset();
  }

  private draw(one: Waiting, taken: DOMRect[]): void {
    const { context, node, settings } = one;
    const letters = Array.from(node.label ?? "");
    const text = letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : letters.join("");
    context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
    const width = context.measureText(text).width;
    const [x, size] = [node.x, settings.labelSize];
    const box = [node.y + node.size + 1, node.y - node.size - size - 5]
      .map((top) => new DOMRect(x - width / 2, top, width, size + 4))
      .find((tried) => !taken.some((other) => overlap(tried, other)));
    if (!box) return;
    taken.push(box);
    const y = box.top + size;
    context.direction = isRightToLeft(text) ? "rtl" : "ltr";
    context.textAlign = "center";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = this.ground();
    context.fillStyle = this.ink();
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }
}

const forced = (one: Waiting): boolean => Boolean((one.node as Partial<NodeDisplayData>).forceLabel);

const overlap = (a: DOMRect, b: DOMRect): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
