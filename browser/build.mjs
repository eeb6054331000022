// Called by Maven, and by hand: installs the exact packages when they are not there, then checks, bundles or tests.
//   node build.mjs [FOLDER]   type check, then FOLDER/portal and FOLDER/assistant (target/ when none is named)
//   node build.mjs test       unit tests
//   node build.mjs sizes      builds the web component and says how large it is
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const home = dirname(fileURLToPath(import.meta.url));
const stamp = join(home, "node_modules", ".keyrack-lock");

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: home, stdio: "inherit" });
  if (error !== undefined || status !== 0) {
    console.error(`${[command, ...args].join(" ")}: ${error?.message ?? `ended with status ${status}`}`);
    process.exit(status || 1);
  }
}

/** The packages are those of package-lock.json. The copy of it is written last, so half an installation is not taken for one. */
function install() {
  const lock = readFileSync(join(home, "package-lock.json"), "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  run("npm", "ci", "--no-progress", "--loglevel=error");
  writeFileSync(stamp, lock);
}

async function bundle(folder) {
  run(process.execPath, join("node_modules", "typescript", "bin", "tsc"), "--noEmit");
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: home,
    entryPoints: [join("portal", "portal.ts"), join("portal", "chart.ts"), join("portal", "own-page.ts")],
    outdir: join(folder, "portal"),
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    charset: "utf8",
    // What browsers that update themselves have been for two years.
    target: ["chrome131", "firefox132", "safari18"],
    logLevel: "warning",
  });
  // What did not change stays as it was, and so does the archive that it goes into.
  mkdirSync(join(folder, "portal"), { recursive: true });
  for (const { path, contents } of outputFiles) {
    if (!existsSync(path) || !readFileSync(path).equals(contents)) writeFileSync(path, contents);
  }
  return assistant(folder);
}

async function assistant(folder) {
  const { buildAssistant } = await import("./assistant-build.mjs");
  return buildAssistant(home, join(folder, "assistant"));
}

async function test() {
  const { build } = await import("esbuild");
  const folder = join(home, "target", "test");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tests = readdirSync(join(home, "test")).filter((name) => name.endsWith(".test.ts"));
  await build({
    absWorkingDir: home,
    entryPoints: tests.map((name) => join("test", name)),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  run(process.execPath, "--test", "--test-reporter=dot", ...tests.map((name) => join(folder, name.replace(/ts$/, "mjs"))));
}

const [task] = process.argv.slice(2);
install();
if (task === "test") {
  await test();
} else if (task === "sizes") {
  console.log(await assistant(join(home, "target")));
} else {
  await bundle(resolve(task ?? join(home, "target")));
}
