// Bundles what runs in a browser into the Python package. `node build.mjs [FOLDER]` writes below FOLDER instead.

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = process.argv[2] ?? join(HERE, "..", "src", "eventkg");

// Each page: where its script and style come from, and where they go.
const PAGES = [{ name: "network", from: "src/network", to: "export/static" }];
// The explorer's islands: a module each, with what they share in chunks of their own.
const ISLANDS = { from: "src/explorer", to: "serve/static/app" };
// Files of packages that are kept as they are.
const KEPT = [{ package: "world-atlas", file: "countries-50m.json", to: "export/static/basemap" }];

const COMMON = {
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  charset: "ascii",
  legalComments: "none",
  metafile: true,
  write: false,
};

for (const page of PAGES) {
  const folder = join(TARGET, page.to);
  const done = await build({
    ...COMMON,
    entryPoints: [`${page.from}/main.ts`, `${page.from}/page.css`],
    outdir: folder,
    outbase: page.from,
    entryNames: "[dir]/[name]",
    format: "iife",
  });
  await mkdir(folder, { recursive: true });
  for (const file of done.outputFiles)
    await writeFile(
      join(folder, `${page.name}${file.path.slice(file.path.lastIndexOf("."))}`),
      file.contents,
    );
  await writeFile(join(folder, `${page.name}.licences.txt`), await licences(bundled(done.metafile)));
}

await islands();

for (const kept of KEPT) {
  const folder = join(TARGET, kept.to);
  await mkdir(folder, { recursive: true });
  await copyFile(join(HERE, "node_modules", kept.package, kept.file), join(folder, kept.file));
  await writeFile(join(folder, "licences.txt"), await licences([kept.package]));
}

async function islands() {
  const folder = join(TARGET, ISLANDS.to);
  const files = await readdir(join(HERE, ISLANDS.from));
  const done = await build({
    ...COMMON,
    entryPoints: files.filter((name) => /\.(ts|css)$/.test(name)).map((name) => `${ISLANDS.from}/${name}`),
    outdir: folder,
    outbase: ISLANDS.from,
    chunkNames: "chunk-[hash]",
    format: "esm",
    splitting: true,
    drop: ["console"], // a library's greeting tells the reader nothing
  });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of done.outputFiles) await writeFile(file.path, file.contents);
  await writeFile(join(folder, "licences.txt"), await licences(bundled(done.metafile)));
}

function bundled(metafile) {
  const names = Object.keys(metafile.inputs).map(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1],
  );
  return [...new Set(names.filter(Boolean))].sort();
}

/** Name, version and the whole licence of each: whoever passes the bundle on passes these on. */
async function licences(names) {
  const parts = [];
  for (const name of names) {
    const folder = join(HERE, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    parts.push(`${name} ${version} (${license})\n\n${(await text(folder)).trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(80)}\n\n`);
}

async function text(folder) {
  for (const name of ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE"]) {
    const found = await readFile(join(folder, name), "utf8").catch(() => undefined);
    if (found) return found.replaceAll("\r\n", "\n");
  }
  throw new Error(`${folder}: no licence found, one expected`);
}
