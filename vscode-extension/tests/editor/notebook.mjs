/**
 * A notebook with one function, in its second code cell, behind text.
 *
 * In: a folder. Out: a file there. Must not know what is done with it.
 */

import fs from "node:fs";
import path from "node:path";

const SOURCE = [
  "import sys\n",
  "\n",
  "def binary_stream_of(name):\n",
  '    """Returns a system stream for byte processing."""\n',
  "    opener = binary_streams.get(name)\n",
  "    if opener is None:\n",
  "        raise TypeError(f\"Unknown standard stream '{name}'\")\n",
  "    return opener()",
];

/** The line of the function in its cell, from 1. */
export const LINE = 3;
export const NAME = "binary_stream_of";

export function writeNotebook(folder, name) {
  const code = (source) => ({ cell_type: "code", execution_count: null, metadata: {}, outputs: [], source });
  const text = { cell_type: "markdown", metadata: {}, source: ["# Streams"] };
  const metadata = {
    language_info: { name: "python" },
    kernelspec: { name: "python3", language: "python", display_name: "Python 3" },
  };
  const file = path.join(folder, name);
  const cells = [code(["x = 1"]), text, code(SOURCE)];
  fs.writeFileSync(file, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, undefined, 1));
  return file;
}
