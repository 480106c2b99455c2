// Two bundles: the extension for the editor's Node, and the code map's page for its webview; and the licences of both.
import { writeFileSync } from "node:fs";
import { build, context } from "esbuild";
import { noticesOf } from "./scripts/notices.mjs";

const production = process.argv.includes("--production");
const sourcemap = production ? false : "linked";
const common = { bundle: true, minify: production, sourcemap, metafile: true, logLevel: "info" };
const bundles = [
  {
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    platform: "node",
    format: "cjs",
    target: "node18",
    external: ["vscode"],
  },
  {
    ...common,
    entryPoints: { map: "src/webview/page.ts" },
    outdir: "dist",
    platform: "browser",
    format: "iife",
    target: "es2022",
  },
];

if (process.argv.includes("--watch")) {
  for (const each of bundles) await (await context(each)).watch();
} else {
  const built = await Promise.all(bundles.map((each) => build(each)));
  writeFileSync("dist/THIRD-PARTY-NOTICES.txt", noticesOf(built.map(({ metafile }) => metafile)));
}
