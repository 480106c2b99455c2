/**
 * The server's processes, as the system knows them.
 *
 * In: a profile's folder. Out: ids of language servers that run from its storage.
 */

import fs from "node:fs";

export function serverPids(profile) {
  return fs
    .readdirSync("/proc")
    .filter((each) => /^\d+$/.test(each) && isServer(commandOf(each), profile))
    .map(Number);
}

export function isAlive(pid) {
  return fs.existsSync(`/proc/${pid}`) && !/\) Z /.test(read(`/proc/${pid}/stat`));
}

function isServer(command, profile) {
  return command.includes(profile) && command.includes("codekin_server.cli.app") && command.includes("--stdio");
}

function commandOf(pid) {
  return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

/** Empty for a process that has ended meanwhile. */
function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
