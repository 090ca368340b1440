// Labels on the canvas: each in its own direction, with a rim of the ground's colour.

import type { Settings } from "sigma/settings";
import type { NodeDisplayData, PartialButFor } from "sigma/types";

const RIGHT_TO_LEFT =
  /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LONGEST = 48;

export const isRightToLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

type Node = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">;

/** `ink` and `ground` are asked at each drawing: they change with the reader's colour scheme. */
export function labelDrawer(ink: () => string, ground: () => string) {
  return (context: CanvasRenderingContext2D, node: Node, settings: Settings): void => {
    if (!node.label) return;
    const letters = Array.from(node.label);
    const text = letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : node.label;
    context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
    context.direction = isRightToLeft(text) ? "rtl" : "ltr";
    context.textAlign = "center";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = ground();
    context.fillStyle = ink();
    const [x, y] = [node.x, node.y + node.size + settings.labelSize + 1];
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  };
}

/** The node under the pointer: a ring and its label. */
export function hoverDrawer(ink: () => string, ground: () => string) {
  const label = labelDrawer(ink, ground);
  return (context: CanvasRenderingContext2D, node: Node, settings: Settings): void => {
    context.beginPath();
    context.arc(node.x, node.y, node.size + 3, 0, Math.PI * 2);
    context.lineWidth = 2;
    context.strokeStyle = ink();
    context.stroke();
    label(context, node, settings);
  };
}
