// Copies what the browser needs from node_modules into static/, once per upgrade: `npm ci && npm run vendor`.
// Versions are pinned in package.json; the result is committed, so running the site needs no Node.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import subsetFont from "subset-font";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, "node_modules");
const target = path.join(root, "static", "vendor");

// [package, file inside it, name in static/vendor without version, licence]
const scripts = [
  ["htmx.org", "dist/htmx.min.js", "htmx", "0BSD"],
  ["hls.js", "dist/hls.light.min.mjs", "hls.light", "Apache-2.0"],
  ["@vimeo/player", "dist/player.es.js", "vimeo-player", "MIT"],
  ["player.js", "dist/player-0.1.0.min.js", "player", "BSD-2-Clause"],
  ["sortablejs", "Sortable.min.js", "sortable", "MIT"],
];

const licences = ["htmx.org", "hls.js", "@vimeo/player", "player.js", "sortablejs", "lucide-static", "@fontsource-variable/source-serif-4"];

const versionOf = async (name) => JSON.parse(await readFile(path.join(modules, name, "package.json"), "utf8")).version;
const sha256 = (content) => createHash("sha256").update(content).digest("hex");
// A dangling sourceMappingURL stops `collectstatic` with hashed names.
const withoutSourceMap = (text) => text.replace(/^\/\/# sourceMappingURL=.*$/gm, "").trimEnd() + "\n";

async function copyScripts() {
  const rows = [];
  for (const [name, file, short, licence] of scripts) {
    const version = await versionOf(name);
    const content = withoutSourceMap(await readFile(path.join(modules, name, file), "utf8"));
    const vendored = `${short}-${version}${path.extname(file)}`.replace(/\.mjs$/, ".js");
    await writeFile(path.join(target, vendored), content);
    rows.push([vendored, `${name} ${version}`, licence, sha256(content)]);
  }
  return rows;
}

async function makeSprite() {
  const names = JSON.parse(await readFile(path.join(root, "scripts", "icons.json"), "utf8"));
  const symbols = [];
  for (const [name, source] of Object.entries(names)) {
    const svg = await readFile(path.join(modules, "lucide-static", "icons", `${source}.svg`), "utf8");
    const shapes = svg.replace(/<!--.*?-->/gs, "").replace(/<\/?svg[^>]*>/g, "").replace(/\s+/g, " ").replace(/ \/>/g, "/>").replace(/> </g, "><").trim();
    symbols.push(symbol(name, shapes));
  }
  // Not in Lucide: a lesson that was begun.
  symbols.push(symbol("half-circle", '<circle cx="12" cy="12" r="10"/><path d="M12 2a10 10 0 0 1 0 20z" fill="currentColor"/>'));
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
  await writeFile(path.join(root, "static", "img", "icons.svg"), sprite);
  return ["../img/icons.svg", `lucide-static ${await versionOf("lucide-static")}`, "ISC", sha256(sprite)];
}

function symbol(name, shapes) {
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${shapes}</symbol>`; // line, width and fill come from .icon
}

async function makeFont() {
  const name = "@fontsource-variable/source-serif-4";
  const whole = await readFile(path.join(modules, name, "files", "source-serif-4-latin-wght-normal.woff2"));
  const letters = range(0x20, 0x7e) + range(0xa0, 0xff) + "ŒœŠšŽžŸı–—‘’‚“”„•…‹›€−×→";
  const font = await subsetFont(whole, letters, { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 700 } } });
  await writeFile(path.join(root, "static", "fonts", "source-serif-4.woff2"), font);
  return ["../fonts/source-serif-4.woff2", `${name} ${await versionOf(name)}`, "OFL-1.1", sha256(font)];
}

async function copyLicences() {
  for (const name of licences) {
    const files = await readdir(path.join(modules, name));
    const file = files.find((entry) => /^licen[cs]e/i.test(entry));
    const text = await readFile(path.join(modules, name, file), "utf8");
    await writeFile(path.join(target, `LICENSE-${name.split("/").at(-1)}.txt`), `${text.trimEnd()}\n`);
  }
}

const range = (first, last) => String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, step) => first + step));

async function clear() {
  await mkdir(target, { recursive: true });
  for (const file of await readdir(target)) await rm(path.join(target, file));
}

await clear();
await copyLicences();
const rows = [...(await copyScripts()), await makeSprite(), await makeFont()];
const table = rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
const head = "# Files made by others\n\nWritten by `npm run vendor`; do not edit by hand.\n\n| file | package | licence | SHA-256 |\n|---|---|---|---|\n";
await writeFile(path.join(target, "VENDORED.md"), `${head}${table}\n`);
