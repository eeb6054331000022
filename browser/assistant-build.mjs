// Builds the web component: chunks first, since the loader knows their names. What is larger than promised is an error.
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** The most that may be sent, in bytes as Brotli: see docs/web-component.md. */
const BUDGETS = { loader: 4096, chat: 16384, greeting: 3072, locale: 1536 };
/** Host pages have older visitors than the portal has. */
const target = ["chrome111", "firefox115", "safari16.4"];

/** A style sheet comes as a minified string, for a constructed sheet. */
const sheets = {
  name: "sheets",
  setup({ onLoad }) {
    onLoad({ filter: /assistant[\\/][^\\/]+\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target });
      // What stands in custom properties is left as it is by the minifier.
      return { contents: code.trim().replace(/(?<=[:,]) /g, ""), loader: "text" };
    });
  },
};

/** @returns the figures, a line for each file */
export async function buildAssistant(home, folder) {
  const common = { absWorkingDir: home, write: false, bundle: true, minify: true, charset: "utf8", target, plugins: [sheets], logLevel: "warning" };
  const locales = readdirSync(join(home, "assistant", "locales")).filter((name) => name.endsWith(".ts"));
  const { outputFiles } = await build({
    ...common,
    // What a constructor sets needs no line of its own.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    entryPoints: [join("assistant", "chat.ts"), join("assistant", "greeting.ts"), ...locales.map((name) => join("assistant", "locales", name))],
    outdir: folder,
    entryNames: "chunks/[name]",
    format: "esm",
  });
  const hash = hashOf(outputFiles);
  const chunks = outputFiles.map(({ path, contents }) => ({ path: path.replace(/\.js$/, `-${hash}.js`), contents }));
  const { outputFiles: loader } = await build({
    ...common,
    entryPoints: [join("assistant", "v1.ts")],
    outdir: folder,
    define: { HASH: JSON.stringify(hash), LOCALES: JSON.stringify(locales.map((name) => basename(name, ".ts"))) },
    format: "iife",
  });
  const files = new Map();
  const sizes = [...loader, ...chunks].map(({ path, contents }) => {
    const bytes = Buffer.from(contents);
    const br = brotli(bytes);
    files.set(path, bytes).set(`${path}.br`, br).set(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    const name = basename(path).replace(/-[^-]+$/, "");
    const budget = BUDGETS[name === "v1.js" ? "loader" : name] ?? BUDGETS.locale;
    return { name, size: bytes.length, br: br.length, gz: files.get(`${path}.gz`).length, budget };
  });
  const integrity = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
  const manifest = {
    loader: { integrity: integrity(loader[0].contents) },
    chunks: chunks.map(({ path, contents }) => ({ file: `chunks/${basename(path)}`, integrity: integrity(contents) })),
  };
  files.set(join(folder, "manifest.json"), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  const large = sizes.filter(({ br, budget }) => br >= budget);
  if (large.length > 0) {
    console.error(`The web component is larger than promised:\n${table(large)}`);
    process.exit(1);
  }
  write(folder, files);
  return table(sizes);
}

/** One for all: the loader, which has to know it, has no room for one of each. */
function hashOf(outputs) {
  const hash = createHash("sha256");
  for (const { path, contents } of outputs) hash.update(basename(path)).update(contents);
  return hash.digest("hex").slice(0, 8).toUpperCase();
}

/** How distances are coded: how many of their last bits stand apart, and how many short ones have a code each. */
const DISTANCES = [[0, 0], [1, 16], [2, 16], [3, 32]];

/** The smallest of what the encoder makes of it: told that it is anything, a text or a font, and with each way of distances. */
function brotli(bytes) {
  return [constants.BROTLI_MODE_GENERIC, constants.BROTLI_MODE_TEXT, constants.BROTLI_MODE_FONT]
    .flatMap((mode) => DISTANCES.map(([postfix, direct]) => ({
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_MODE]: mode,
      [constants.BROTLI_PARAM_NPOSTFIX]: postfix,
      [constants.BROTLI_PARAM_NDIRECT]: direct,
    })))
    .map((params) => brotliCompressSync(bytes, { params }))
    .reduce((best, each) => (each.length < best.length ? each : best));
}

function table(sizes) {
  return sizes.map(({ name, size, gz, br, budget }) => `${name.padEnd(6)} ${size} bytes, ${gz} gzip, ${br} brotli of ${budget}`).join("\n");
}

/** What did not change stays as it was, and so does the archive that it goes into. Chunks of former builds go. */
function write(folder, files) {
  mkdirSync(join(folder, "chunks"), { recursive: true });
  for (const name of readdirSync(join(folder, "chunks"))) {
    if (!files.has(join(folder, "chunks", name))) rmSync(join(folder, "chunks", name));
  }
  for (const [path, bytes] of files) {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path) || !readFileSync(path).equals(bytes)) writeFileSync(path, bytes);
  }
}
