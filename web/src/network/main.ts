// The interactive picture of a network as a page of its own: `eventkg network --html`.

import { byId, link } from "../shared/dom";
import { type Packed, unpack } from "./data";
import { Frame } from "./frame";

const packed = JSON.parse(byId("data").textContent ?? "") as Packed;
const frame = new Frame(unpack(packed), { keys: document, link: (iri) => link(iri) });
Object.assign(window, { eventkg: frame.places });
void frame.draw();
