"""Loads a batch into a pandas data frame: a row per task, the document as a column of parsed JSON.

    PYTHONPATH=readers/python python readers/python/examples/batch_to_pandas.py "2026-11 night" --stack ScaleTaskMirror

Needs boto3 and pandas.
"""

from __future__ import annotations

import argparse

import pandas

from scale_task_mirror import Mirror


def load(mirror: Mirror, batch: str) -> pandas.DataFrame:
    """All completed tasks of a batch, indexed by their ids, in the order of their completion."""
    tasks = mirror.tasks(batch=batch, status="completed", heads=True, documents=True)
    frame = pandas.DataFrame(
        {**vars(task), "document": task.document.parse(), "api": task.document.api} for task in tasks
    )
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
    mirror = Mirror.from_stack(arguments.stack) if arguments.stack else Mirror.local()
    print(load(mirror, arguments.batch))


if __name__ == "__main__":
    main()
