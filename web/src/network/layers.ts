// Which of sigma's canvases are shown. Without a graphics card a transparent one costs as much to put over the
// others as one that is drawn on (6 to 10 ms of 57 a frame, in software): what shows nothing is left out.

import type Sigma from "sigma";

const HOVER = ["hovers", "hoverNodes"];

export function keepLayers(sigma: Sigma): void {
  const canvases = sigma.getCanvases();
  const show = (shown: boolean, names: string[]) => {
    for (const name of names) canvases[name].style.visibility = shown ? "" : "hidden";
  };
  show(false, ["edgeLabels", ...HOVER]);
  sigma.on("enterNode", () => show(true, HOVER));
  sigma.on("leaveNode", () => show(false, HOVER));
  sigma.on("afterRender", () => {
    const moving = isMoving(sigma);
    show(!(moving && sigma.getSetting("hideEdgesOnMove")), ["edges"]);
    show(!(moving && sigma.getSetting("hideLabelsOnMove")), ["labels"]);
  });
}

/** As sigma itself asks before it leaves out ties and labels. */
function isMoving(sigma: Sigma): boolean {
  const mouse = sigma.getMouseCaptor();
  return (
    sigma.getCamera().isAnimated() ||
    mouse.isMoving ||
    mouse.draggedEvents > 0 ||
    mouse.currentWheelDirection !== 0
  );
}
