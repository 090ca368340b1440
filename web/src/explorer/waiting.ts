// A page whose numbers are being counted asks again; without a script its <noscript> does.

const AGAIN_MS = 2000;

setTimeout(() => location.reload(), AGAIN_MS);
