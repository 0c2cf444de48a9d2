// Builds the pages' style and scripts into web/static/dist, each file named after its content.
//
// Every src/*.js is a bundle of its own (an ES module), every style/*.scss without a leading underscore a style sheet.
// manifest.json says under which name the pages find them: {"app.js": "app-3F2A….js", …}.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compileAsync } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "dist");
const shared = {
  bundle: true,
  minify: true,
  outdir: out,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  loader: { ".woff2": "file", ".woff": "file", ".ttf": "file", ".eot": "file", ".svg": "file" },
  metafile: true,
  legalComments: "linked",
  logLevel: "warning",
};

// One inline style of the properties panel, which our content security policy would refuse; the studio's sheet says it instead.
const withoutInlineStyle = {
  name: "without-inline-style",
  setup(bundler) {
    bundler.onLoad({ filter: /bpmn-js-properties-panel[\\/]dist[\\/]index\.esm\.js$/ }, async ({ path }) => {
      const before = await readFile(path, "utf8");
      const contents = before.replace('<div style="height: 100%" ', "<div ");
      if (contents === before) throw new Error("The properties panel has changed: look for its inline style again.");
      return { contents, loader: "js" };
    });
  },
};

// The editor of tables makes elements from text with inline styles in it: for it, min-dom is ours, which says the same lawfully.
const tablesWithoutInlineStyle = {
  name: "tables-without-inline-style",
  setup(bundler) {
    bundler.onResolve({ filter: /^min-dom$/ }, ({ importer }) =>
      /[\\/](dmn-js[^\\/]*|table-js)[\\/]/.test(importer) ? { path: join(here, "src", "_domify.js") } : undefined,
    );
  },
};

const written = new Set(); // every file of this build, by its name in the folder

async function entries(folder, ending) {
  const names = await readdir(join(here, folder));
  return names.filter((name) => name.endsWith(ending) && !name.startsWith("_")).sort();
}

async function scripts() {
  const names = await entries("src", ".js");
  const result = await build({
    ...shared,
    entryPoints: names.map((name) => join(here, "src", name)),
    format: "esm",
    splitting: true,
    plugins: [withoutInlineStyle, tablesWithoutInlineStyle],
    target: "es2022",
  });
  return named(result.metafile, ".js");
}

async function styles() {
  const manifest = {};
  for (const name of await entries("style", ".scss")) {
    const source = join(here, "style", name);
    const sheet = await compileAsync(source, {
      loadPaths: [here],
      quietDeps: true,
      // Ministry of Justice components still call what GOV.UK has renamed; only they can change that.
      logger: { warn: (message) => message.includes("$govuk-suppressed-warnings") || console.warn(message) },
    });
    const result = await build({
      ...shared,
      entryNames: `${basename(name, ".scss")}-[hash]`,
      stdin: { contents: sheet.css, loader: "css", resolveDir: join(here, "style"), sourcefile: name.replace(".scss", ".css") },
    });
    Object.assign(manifest, named(result.metafile, ".css", name.replace(".scss", ".css")));
  }
  return manifest;
}

// Maps the plain name of each entry to the hashed one; a style sheet read from memory has no entry name of its own.
function named(metafile, ending, alias) {
  const manifest = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    written.add(relative(out, join(process.cwd(), path)));
    if (output.entryPoint && path.endsWith(ending)) {
      manifest[alias ?? basename(output.entryPoint)] = relative(out, join(process.cwd(), path));
    } else if (output.cssBundle === undefined && path.endsWith(".css") && ending === ".js") {
      const script = Object.values(metafile.outputs).find((one) => one.cssBundle === path);
      if (script) manifest[basename(script.entryPoint).replace(/\.js$/, ".css")] = relative(out, join(process.cwd(), path));
    }
  }
  return manifest;
}

// A hash over all sources, so that set-up can skip a build that would change nothing.
async function fingerprint() {
  const hash = createHash("sha256");
  for (const folder of ["src", "style"]) {
    for (const name of (await readdir(join(here, folder))).sort()) {
      hash.update(name).update(await readFile(join(here, folder, name)));
    }
  }
  for (const name of ["build.mjs", "package-lock.json"]) hash.update(await readFile(join(here, name)));
  return hash.digest("hex");
}

const sources = await fingerprint();
const before = await readFile(join(out, "manifest.json"), "utf8").then(JSON.parse, () => ({}));
if (before.sources === sources && !process.argv.includes("--force")) {
  console.log("The pages' style and scripts are up to date.");
} else {
  // A server may be running: the new files come first, then their names, and only then the old ones go.
  await mkdir(out, { recursive: true });
  const old = await readdir(out);
  const files = { ...(await scripts()), ...(await styles()) };
  await writeFile(join(out, "manifest.json"), JSON.stringify({ sources, files }, null, 2) + "\n");
  const stale = old.filter((name) => name !== "manifest.json" && !written.has(name));
  await Promise.all(stale.map((name) => rm(join(out, name), { recursive: true })));
  console.log(`Built ${Object.keys(files).join(", ")}.`);
}
