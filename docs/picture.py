"""Draw README's picture from what codekin really prints: ``make picture`` runs it and writes docs/codekin.svg."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).with_name("codekin.svg")
WORKSPACE = Path(find_spec("jedi").origin).parent
CODEKIN = [sys.executable, "-c", "from codekin_server.cli.app import main; main()"]
COMMANDS = (
    ("search", "find every place where a name is used", "--limit", "4"),
    ("similar", "api/environment.py:47", "--limit", "3"),
    ("names", "file_io.py", "--limit", "3"),
)


def main() -> None:
    console = Console(record=True, width=118, file=StringIO())
    for arguments in COMMANDS:
        shown = " ".join(f'"{each}"' if " " in each else each for each in arguments)
        console.print(Text(f"$ codekin {shown}", style="bold"))
        environment = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm-256color"}
        done = subprocess.run(
            [*CODEKIN, *arguments], cwd=WORKSPACE, env=environment, check=True, stdout=subprocess.PIPE
        )
        console.print(Text.from_ansi(done.stdout.decode()), soft_wrap=True)
        console.print()
    svg = console.export_svg(title="codekin, in the source of jedi")
    # The reader's own monospace font will do: no picture of ours asks another site for one.
    PICTURE.write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
