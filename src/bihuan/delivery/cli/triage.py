"""`bihuan triage …`: the text model that proposes what a matter is and who should have it."""

from pathlib import Path

import click

from . import setting_up
from .output import json_option, put

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def triage() -> None:
    """Proposals for triage."""


@triage.command()
@click.option("--train", type=_FILE, required=True, help="Labelled rows to learn from (xlsx, csv or jsonl).")
@click.option("--test", type=_FILE, required=True, help="Labelled rows to answer.")
@click.option(
    "--text", required=True, help="Columns of the text, with commas between; of several the first is a title."
)
@click.option("--label", required=True, help="Column of the right answer.")
@json_option
def evaluate(train: Path, test: Path, text: str, label: str, as_json: bool) -> None:
    """Learn from one file and score the answers to another: accuracy, macro-F1, each class, seconds and memory."""
    setting_up.load()
    from bihuan.mechanisms.dispatch import services as dispatch
    from bihuan.mechanisms.intake.services import reading

    columns = [part.strip() for part in text.split(",") if part.strip()]
    if not columns:
        raise click.BadParameter("name at least one column", param_hint="--text")
    train_headings, first, _count = reading.read(train)
    test_headings, second, _count = reading.read(test)
    found = dispatch.evaluate(
        train=first,
        test=second,
        train_headings=train_headings,
        test_headings=test_headings,
        text=columns,
        label=label,
    )
    score = found.score
    classes = {
        row.label: {"rows": row.rows, "precision": row.precision, "recall": row.recall, "f1": row.f1}
        for row in score.classes
    }
    document = {
        "accuracy": score.accuracy,
        "macro_f1": score.macro_f1,
        "per_class": classes,
        "train_rows": found.learnt_from,
        "test_rows": score.rows,
        "left_out": found.left_out,
        "seconds": round(found.train_seconds + found.answer_seconds, 3),
        "train_seconds": round(found.train_seconds, 3),
        "answer_seconds": round(found.answer_seconds, 3),
        "peak_mib": round(found.peak_mib, 1),
    }
    lines = [
        f"accuracy {score.accuracy:.3f}, macro-F1 {score.macro_f1:.3f} on {score.rows} rows, from {found.learnt_from}.",
        *(f"{row.f1:.3f}  {row.label} ({row.rows})" for row in score.classes),
        f"{document['seconds']} s, {document['peak_mib']} MiB at most.",
    ]
    put(document, as_json=as_json, lines=lines)


@triage.command()
@click.option("--region", default="", help="County to train for; every county without it.")
@json_option
def train(region: str, as_json: bool) -> None:
    """Learn from the register's own decisions and put the new model in place; the same rows give the same model."""
    setting_up.load()
    from bihuan.foundation.kernel import clock
    from bihuan.mechanisms.dispatch import services as dispatch

    now = clock.now()
    cards = [dispatch.train(region=region, now=now)] if region else dispatch.train_all(now=now)
    lines = [
        f"{card['region']}: {card['rows']} rows, {card['seconds']} s, {card['peak_mib']} MiB at most; "
        + ", ".join(f"{name} {question['accuracy']:.3f}" for name, question in card["questions"].items())
        for card in cards
    ]
    put({"models": cards}, as_json=as_json, lines=lines or ["No place has decided enough to learn from."])


COMMANDS = {"triage": triage}
