// A worker that arranges the nodes of a chart, so that the page stays awake.

import { arrange, type Ties } from "../sparql/layout";

addEventListener("message", (event: MessageEvent<Ties>) => {
  postMessage(arrange(event.data));
});
