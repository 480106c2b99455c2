// The licences of what is bundled, by esbuild's own list of the files that went in.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const HEAD = "codekin's extension holds code of the following packages, under these licences.\n";
const LINE = `\n${"-".repeat(80)}\n\n`;

/** The text for the files in `metafiles`; a package without a licence is an error. */
export function noticesOf(metafiles) {
  const files = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(files.map(packageFolder).filter((each) => each !== undefined));
  return [HEAD, ...[...folders].sort().map(noticeOf)].join(LINE);
}

/** The innermost package that a file belongs to; undefined for a file of ours. */
function packageFolder(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(read(folder, "package.json"));
  const found = readdirSync(folder).filter((each) => /^(licen[cs]e|notice|third.?party.?notices)/i.test(each));
  if (found.length === 0) throw new Error(`${name} brings no licence`);
  return [`${name} ${version} (${license})\n`, ...found.sort().map((each) => `${read(folder, each).trim()}\n`)].join(
    "\n",
  );
}

function read(folder, name) {
  return readFileSync(path.join(folder, name), "utf8").replaceAll("\r\n", "\n");
}
