"""recollect train: one sub-command a model."""

import typer

from server.commands.training import joint, reranker

NAME = "train"

app = typer.Typer(help="Train models of your own, compare them, install them.", no_args_is_help=True)
for command in (reranker, joint):
    app.command(command.NAME, epilog=command.EXAMPLES)(command.run)
