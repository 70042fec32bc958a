"""`bihuan`: everything an operator and a script can do. Exit status 0 good, 1 problem found, 2 wrong usage."""

import sys

import click

from .output import say_problem


class _Root(click.Group):
    """Finds each command's module only when the command is asked for, so that `bihuan --help` is instant."""

    commands_in = {
        "serve": "running",
        "worker": "running",
        "migrate": "running",
        "demo": "demonstration",
        "user": "people",
        "token": "people",
        "import": "registers",
        "export": "registers",
        "sweep": "checking",
        "verify": "checking",
        "doctor": "checking",
        "rulebook": "rulebooks",
        "calendar": "workdays",
        "triage": "triage",
        "scoreboard": "scoreboard",
        "vault": "vault",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands_in)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands_in:
            return None
        module = __import__(f"{__name__}.{self.commands_in[cmd_name]}", fromlist=["*"])
        return module.COMMANDS[cmd_name]  # type: ignore[no-any-return]


@click.command(cls=_Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bihuan")
def root() -> None:
    """Bihuan (闭环): close the loop on problems that enterprises raise with government."""


def main() -> None:
    """Run `bihuan` and leave with its exit status; a problem is one sentence, never a stack trace."""
    try:
        status = root(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except Exception as error:
        if not say_problem(error):
            raise
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)
