"""Loads a batch into a pandas data frame: a row per task, the document as a column of parsed JSON, lifted fields as columns.

    python readers/python/examples/batch_to_pandas.py "2026-11 night" --stack ScaleTaskMirror

Without --stack it reads the stack of npm start, by AWS_PORT (4566). Needs boto3 and pandas.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

try:
    import pandas
except ImportError:
    sys.exit("this example needs pandas, which is not installed here: pip install pandas")

# In a job of your own the file lies beside it, or its folder is on PYTHONPATH.
sys.path.append(str(Path(__file__).resolve().parents[1]))

from scale_task_mirror import Mirror, MirrorError  # noqa: E402


def load(mirror: Mirror, batch: str) -> pandas.DataFrame:
    """All completed tasks of a batch, indexed by their ids, in the order of their completion."""
    tasks = mirror.tasks(batch=batch, status="completed", heads=True, documents=True)
    rows = []
    for task in tasks:
        facts = {name: value for name, value in vars(task).items() if name not in ("document", "fields")}
        fields = {f"fields.{name}": value for name, value in (task.fields or {}).items()}
        rows.append({**facts, **fields, "api": task.document.api, "document": task.document.parse()})
    frame = pandas.DataFrame(rows)
    if frame.empty:
        return frame
    for column in ("completed_at", "created_at", "changed_at"):
        frame[column] = pandas.to_datetime(frame[column], utc=True)
    return frame.set_index("task_id")


def main() -> None:
    parser = argparse.ArgumentParser(description="Loads a batch into a pandas data frame.")
    parser.add_argument("batch", help="its name")
    parser.add_argument("--stack", help="the stack of a deployed mirror; without it, that of npm start")
    arguments = parser.parse_args()
    try:
        local_port = int(os.environ.get("AWS_PORT", "4566"))
        mirror = Mirror.from_stack(arguments.stack) if arguments.stack else Mirror.local(local_port)
        print(load(mirror, arguments.batch))
    except MirrorError as error:
        sys.exit(f"batch_to_pandas: {error}")


if __name__ == "__main__":
    main()
