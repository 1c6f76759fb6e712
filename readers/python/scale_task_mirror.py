"""Reads a Scale Task Mirror from Python. One file, on boto3 alone: copy it to where your job is, or put this folder on its path.

    from scale_task_mirror import Mirror

    mirror = Mirror.from_stack("ScaleTaskMirror")
    for task in mirror.tasks(batch="2026-11 night", status="completed", documents=True):
        print(task.task_id, task.document.parse()["threads"])

The same verbs as the TypeScript reader. Times are ISO 8601 text in UTC, as the tables hold them; ``None`` is what is not known.
A write is in DynamoDB's indexes a moment later, usually within a second, so lists and changes follow a single task's read by that.
Needs Python 3.9 and boto3.
"""

from __future__ import annotations

import gzip
import heapq
import json
import random
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from decimal import Decimal
from itertools import islice
from typing import Any, Optional, TypeVar, Union

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError as missing:
    raise ImportError("scale_task_mirror needs boto3, which is not installed here: pip install boto3") from missing

__all__ = [
    "Batch",
    "BatchAtScale",
    "Change",
    "CoveredSpan",
    "Document",
    "HistoryEntry",
    "Mirror",
    "MirrorError",
    "SourceCoverage",
    "Task",
]

Time = Union[str, datetime]
"""ISO 8601 text, or a ``datetime``; one without a time zone is taken as UTC."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")

_LIMITS = Config(
    retries={"max_attempts": 4, "mode": "standard"},
    connect_timeout=2,
    read_timeout=10,
    max_pool_connections=50,
)

_BATCH_GET_KEYS = 100
"""DynamoDB's limit for one BatchGetItem."""

_BATCH_GET_ATTEMPTS = 12

_FULL_ANSWER_BYTES = 1_000_000
"""Less than any answer that was cut for its size, and not by a throttled partition: the emulator cuts them behind 1 MiB."""

_DOCUMENTS_AT_ONCE = 16
"""Documents that are unpacked, or fetched from the bucket, at once: each may have some megabytes."""

_LONGEST_TASK_ID_BYTES = 999
_LONGEST_INDEX_KEY_BYTES = 2048
_LONGEST_SORT_KEY_BYTES = 1024
"""What is longer is no key: nothing stands under it, and DynamoDB refuses to look for it."""

_TRAIL_SECONDS = 30
"""How far behind the clock changes are read: several writers stamp them, each before its write."""

_MOST_MOVES = 5
"""A head may move on, or the task be forgotten, between its read and that of its document."""

_WALKED = ("completed", "pending", "error", "canceled", "deleted")


class MirrorError(Exception):
    """Something that the mirror should have is not there, or has not been named."""


@dataclass(frozen=True)
class Document:
    """A task exactly as one of Scale's APIs gave it."""

    task_id: str
    record: str
    """Its sort key in the table."""
    revision: int
    """The revision of the head that it came with."""
    api: str
    """In whose form it is: ``v1`` or ``v2``."""
    source: str
    """How it was seen: ``callback``, ``backfill`` or ``confirm``."""
    from_: str
    until: str
    """Scale certainly held this state no earlier than ``from_`` and no later than ``until``."""
    text: str
    bytes: int
    sha256: str
    """Length and hash of the text in UTF-8."""
    envelope: Optional[str]
    """What the callback held beside the task, as JSON text."""

    def parse(self, exact: bool = False) -> dict[str, Any]:
        """The task. Whole numbers keep all their digits; with ``exact`` all others do too, as ``Decimal``."""
        if exact:
            return json.loads(self.text, parse_float=Decimal, parse_int=_exact_int)
        return json.loads(self.text)


@dataclass(frozen=True)
class Task:
    """A task. What comes after ``fields`` is of its head, and ``None`` where only the index was read."""

    task_id: str
    status: str
    """``pending``, ``completed``, ``canceled``, ``error``, any new one of Scale's, or ``deleted``."""
    completed_at: Optional[str]
    review_status: Optional[str]
    current: str
    """The record of the document that counts."""
    fields: Optional[dict[str, Any]] = None
    """What the ``fields`` of the configuration have lifted out of its document; ``None`` where that is nothing. Whole numbers are
    ``int``, others ``Decimal``, with all their digits."""
    revision: Optional[int] = None
    """Counts changes of substance."""
    version: Optional[int] = None
    project: Optional[str] = None
    project_id: Optional[str] = None
    batch: Optional[str] = None
    batch_id: Optional[str] = None
    type: Optional[str] = None
    created_at: Optional[str] = None
    updated_at: Optional[str] = None
    unique_id: Optional[str] = None
    observed_from: Optional[str] = None
    observed_until: Optional[str] = None
    observed_by: Optional[str] = None
    confirmed: Optional[bool] = None
    """False where two sights contradict each other and Scale has not been asked yet, or did not know."""
    mirrored_at: Optional[str] = None
    changed_at: Optional[str] = None
    document: Optional[Document] = None


@dataclass(frozen=True)
class HistoryEntry:
    """A state that a task was in, as far as a document tells it."""

    task_id: str
    record: str
    revision: int
    api: str
    source: str
    from_: str
    until: str
    is_current: bool


@dataclass(frozen=True)
class Change:
    """A task that has changed, in its latest state."""

    task_id: str
    status: str
    revision: int
    """Goes up with every change of the task: who has seen this one, or a higher one, has seen this change."""
    current: str
    changed_at: str
    cursor: str
    """Where to go on after this change. Opaque."""


@dataclass(frozen=True)
class BatchAtScale:
    """A batch as Scale had it when the mirror last asked."""

    status: str
    created_at: Optional[str]
    completed_at: Optional[str]
    project: Optional[str]
    project_id: Optional[str]
    tasks: Optional[dict[str, int]]
    """By status, where Scale's v1 API knows the batch."""
    checked_at: str
    is_open: bool


@dataclass(frozen=True)
class Batch:
    """A batch with counts of its tasks here, by status."""

    name: str
    id: Optional[str]
    tasks: dict[str, int]
    at_scale: Optional[BatchAtScale]
    """``None`` where the batch is not tracked."""


@dataclass(frozen=True)
class CoveredSpan:
    """A time in which all completions were read; without ``from_`` it begins with time itself."""

    from_: Optional[str]
    until: str
    walked_at: str
    """When the oldest walk in it began: it is proven as of then."""
    last_walked_at: str


@dataclass(frozen=True)
class SourceCoverage:
    """What is proven of one configured source."""

    source: str
    """``project:<name>`` or ``batch:<name>``."""
    stage: str
    """``callbacks``, ``backfill``, ``reconcile``, or ``mirrored``: compared with Scale to the end."""
    covered: dict[str, list[CoveredSpan]]
    """By status; ``completed`` by times of completion, the others as of the last whole walk."""
    report: Optional[dict[str, Any]]
    """What the last reconcile found, under the names of the table; ``None`` before the first."""


class Mirror:
    """Reads tasks. Safe to use from several threads."""

    def __init__(
        self,
        tasks_table: str,
        mirror_state_table: Optional[str] = None,
        bodies_bucket: Optional[str] = None,
        *,
        session: Optional[boto3.session.Session] = None,
        dynamodb: Any = None,
        s3: Any = None,
        concurrency: int = 8,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """By the outputs ``TasksTableName``, ``MirrorStateTableName`` and ``BodiesBucketName`` of the stack.

        Without ``mirror_state_table`` names are taken as they are, and there are no batches and no coverage. Without
        ``bodies_bucket`` documents of more than 256 KiB, gzipped, cannot be read. ``concurrency`` is the number of calls to
        DynamoDB at once, of one iterator.
        """
        self._session = session or boto3.session.Session()
        self._dynamodb = dynamodb or self._session.client("dynamodb", config=_LIMITS)
        self._s3 = s3
        self._tasks_table = tasks_table
        self._state_table = mirror_state_table
        self._bucket = bodies_bucket
        self._concurrency = concurrency
        self._clock = clock

    @classmethod
    def from_stack(
        cls, stack: str = "ScaleTaskMirror", *, session: Optional[boto3.session.Session] = None
    ) -> Mirror:
        """A deployed mirror, by the outputs of its stack (needs ``cloudformation:DescribeStacks``)."""
        session = session or boto3.session.Session()
        stacks = session.client("cloudformation", config=_LIMITS).describe_stacks(StackName=stack)
        outputs = {one["OutputKey"]: one["OutputValue"] for one in stacks["Stacks"][0].get("Outputs", [])}
        names = ["TasksTableName", "MirrorStateTableName", "BodiesBucketName"]
        missing = [name for name in names if name not in outputs]
        if missing:
            raise MirrorError(f"the stack {stack} has no output {missing[0]}: is it a Scale Task Mirror?")
        return cls(*(outputs[name] for name in names), session=session)

    @classmethod
    def local(cls, aws_port: int = 4566) -> Mirror:
        """The stack that ``npm start`` runs on this machine, by the AWS_PORT that it has printed."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{aws_port}/_stack", timeout=5) as answer:
                places = json.load(answer)
        except OSError as error:
            raise MirrorError(f'no stack of "npm start" answers on port {aws_port}') from error
        session = boto3.session.Session("local", "local", region_name="us-east-1")
        by_path = _LIMITS.merge(Config(s3={"addressing_style": "path"}))
        return cls(
            "Tasks",
            "MirrorState",
            places["names"]["bodies"],
            session=session,
            dynamodb=session.client("dynamodb", endpoint_url=places["dynamodbUrl"], config=_LIMITS),
            s3=session.client("s3", endpoint_url=places["awsUrl"], config=by_path),
        )

    # What is asked

    def task(self, task_id: str) -> Optional[Task]:
        """A task as it is now, with its document; ``None`` where there is none, or it was forgotten."""
        cause: Optional[Exception] = None
        for _ in range(_MOST_MOVES):
            head = self.head(task_id)
            if head is None:
                return None
            key = _key(task_id, head.current)
            item = self._get(self._tasks_table, key)
            try:
                if item is not None:
                    return replace(head, document=self._to_document(item))
            except MirrorError as error:
                # Its object may have gone with a task that is being forgotten: then the head says so.
                cause = error
        raise MirrorError(f"the document of task {task_id} cannot be read") from cause

    def head(self, task_id: str) -> Optional[Task]:
        """Its head alone: one read unit."""
        if not _fits(task_id, _LONGEST_TASK_ID_BYTES):
            return None  # DynamoDB refuses to look for it.
        item = self._get(self._tasks_table, _key(task_id, "task"))
        return None if item is None or item["status"] == "forgotten" else _to_task(item)

    def tasks(
        self,
        *,
        batch: Optional[str] = None,
        project: Optional[str] = None,
        status: Optional[str] = None,
        completed_after: Optional[Time] = None,
        completed_before: Optional[Time] = None,
        heads: bool = False,
        documents: bool = False,
    ) -> Iterator[Task]:
        """The tasks of a batch or project by name, read page by page while they are iterated.

        Open ones come first, then the others by status and time of completion. A task that moves on meanwhile is not missed; one
        that moves back, as from ``completed`` to ``pending``, may be, and one that is completed anew may come twice.
        ``completed_after`` is in the span and ``completed_before`` is not, so that of two spans that meet each task is in one.
        With ``status`` only that part of the index is read.
        ``heads`` reads the whole heads as they are now, ``documents`` the documents that count.
        """
        if (batch is None) == (project is None):
            raise ValueError('name a batch or a project, and not both: tasks(batch="night")')
        kind, name = ("batch", batch) if batch is not None else ("project", project)
        selection = _Selection(
            kind,
            name or "",
            status,
            _iso(completed_after, "completed_after"),
            _iso(completed_before, "completed_before"),
        )
        if selection.after is not None and selection.before is not None and selection.after > selection.before:
            raise ValueError(f"completed_after is {selection.after}, and later than completed_before, {selection.before}")
        return self._read(selection, heads, documents)

    def history(self, task_id: str) -> list[HistoryEntry]:
        """The documents that ever counted for a task, the newest first; none where there is no such task."""
        if not _fits(task_id, _LONGEST_TASK_ID_BYTES):
            return []
        head = self._get(self._tasks_table, _key(task_id, "task"))
        if head is None or head["status"] == "forgotten":
            return []
        stored = {item["record"]: item for item in self._stored_documents(task_id)}
        referred = sorted((one["record"] for one in head["documents"].values()), reverse=True)
        entries: list[HistoryEntry] = []
        record = referred[0] if referred else None
        # The chain from the head: a record whose head lost its race may be stored, but is not in it.
        while record is not None:
            item = stored.get(record)
            if item is None:
                # It has expired: the chain goes on at the next one that the head still refers to.
                record = next((one for one in referred if one < record), None)
                continue
            entries.append(_to_entry(task_id, item, head["current"]))
            record = item.get("previous")
        return entries

    def documents(self, keys: Iterable[Union[HistoryEntry, tuple[str, str]]]) -> Iterator[Document]:
        """Documents by task id and record, such as those of a history; without those that have expired."""
        pairs = ((one.task_id, one.record) if isinstance(one, HistoryEntry) else one for one in keys)
        for group in _groups(pairs, _BATCH_GET_KEYS):
            for item in self._document_items(group):
                if item is not None:
                    yield self._to_document(item)

    def changes(self, project: Union[str, Sequence[str]], since: Optional[Time] = None) -> Iterator[Change]:
        """What has changed in a project, or some, since a cursor or a time, the oldest first, until 30 seconds ago.

        Ends there: ask again later with the cursor of the last change that was dealt with. Nothing is lost; a change may come
        twice, to be dropped by its revision. Of several changes of a task in between there is the last.
        """
        if isinstance(since, str) and since[24:25] == "#":
            _iso(since[:24], "the cursor")
            after = since
        else:
            after = _iso(since, "since") or " "
        until = _format(datetime.fromtimestamp(self._clock() - _TRAIL_SECONDS, timezone.utc))
        if after >= until:
            return
        names = [project] if isinstance(project, str) else project
        keys = dict.fromkeys(key for name in names for key in self._index_keys("project", name))
        streams = [self._changes_under(key, after, until) for key in keys]
        yield from heapq.merge(*streams, key=lambda change: change.cursor)

    def batch(self, name: str) -> Optional[Batch]:
        """A batch with counts of its tasks; ``None`` where nothing is known of it."""
        table = self._required_state_table()
        entry = self._by_name("batch", name)
        tasks: dict[str, int] = {}
        for key in self._index_keys("batch", name):
            for item in self._query_index("byBatch", "batch", key, projection="statusTime"):
                status = item["statusTime"].split("#", 1)[0]
                tasks[status] = tasks.get(status, 0) + 1
        if entry is None:
            # The directory has the batches of tasks; one that is tracked before its first task stands alone.
            tracked = next((one for one in self._items("batches") if one["isOpen"] and one["name"] == name), None)
        else:
            tracked = self._get(table, _state_key("batches", entry["id"]))
        found = entry or tracked
        if found is None and not tasks:
            return None
        return Batch(
            name=entry.get("name", name) if entry else name,
            id=found["id"] if found else None,
            tasks=tasks,
            at_scale=_to_batch_at_scale(tracked) if tracked else None,
        )

    def coverage(self) -> list[SourceCoverage]:
        """What is proven of each configured source; none before the first run of backfill."""
        account = self._get(self._required_state_table(), _state_key("account", "sources"))
        reports = {one["source"]: one for one in self._items("report", "reconcile#")}
        found = []
        for source in account["sources"] if account else []:
            items = {one["item"]: one for one in self._items(f"coverage#{source}")}
            slices = self._items(f"slices#{source}")
            covered = {status: _to_spans(items[status]) for status in _WALKED if status in items}
            report = reports.get(source)
            stage = _stage(covered.get("completed", []), any(True for _ in slices), report)
            found.append(SourceCoverage(source, stage, covered, _to_report(report)))
        return found

    # Lists of tasks

    def _read(self, selection: _Selection, heads: bool, documents: bool) -> Iterator[Task]:
        groups: Iterator[Sequence[Task]] = self._listed(selection)
        with _Pools() as pools:
            if heads:
                groups = pools.ahead(groups, self._concurrency, lambda group: self._heads(selection, group))
            if not documents:
                for group in groups:
                    yield from group
                return
            found = pools.ahead(groups, self._concurrency, self._with_items)
            pairs = (pair for group in found for pair in group)
            for task in pools.ahead(
                pairs, _DOCUMENTS_AT_ONCE, lambda pair: self._with_document(selection, heads, *pair)
            ):
                if task is not None:
                    yield task

    def _listed(self, selection: _Selection) -> Iterator[Sequence[Task]]:
        """As the index has them, by the hundred. A task that moves on meanwhile is met where it was or where it is then."""
        seen: set[str] = set()
        index = "byBatch" if selection.kind == "batch" else "byProject"
        keys = self._index_keys(selection.kind, selection.name)
        parts = [(key, conditions) for key in keys for conditions in selection.parts()]
        for part in parts:
            key, conditions = part
            items = self._query_index(index, selection.kind, key, **conditions)
            for group in _groups((_to_task(item) for item in items), _BATCH_GET_KEYS):
                fresh = [task for task in group if task.task_id not in seen]
                # The last part holds nearly all, and nobody comes after it.
                if part is not parts[-1]:
                    seen.update(task.task_id for task in fresh)
                yield fresh

    def _heads(self, selection: _Selection, group: Sequence[Task]) -> Sequence[Task]:
        # A task that moves while the index is read may be in it twice, and DynamoDB refuses a key that is asked for twice.
        ids = dict.fromkeys(task.task_id for task in group)
        items = self._batch_get([_key(task_id, "task") for task_id in ids], consistent=True)
        heads = {item["taskId"]: _to_task(item) for item in items if selection.fits(_to_task(item))}
        return [heads[task_id] for task_id in ids if task_id in heads]

    def _with_items(self, group: Sequence[Task]) -> Sequence[tuple[Task, Optional[dict[str, Any]]]]:
        return list(zip(group, self._document_items([(task.task_id, task.current) for task in group])))

    def _with_document(
        self, selection: _Selection, heads: bool, task: Task, item: Optional[dict[str, Any]]
    ) -> Optional[Task]:
        """What the index says may be of before: where its document is not there, the head says what is now."""
        try:
            if item is not None:
                return replace(task, document=self._to_document(item))
        except MirrorError:
            pass  # Said below, if it is so still.
        whole = self.task(task.task_id)
        if whole is None or not selection.fits(whole):
            return None
        if heads:
            return whole
        listed = Task(
            whole.task_id, whole.status, whole.completed_at, whole.review_status, whole.current, whole.fields
        )
        return replace(listed, document=whole.document)

    # Tables

    def _index_keys(self, kind: str, name: str) -> list[str]:
        """The keys under which tasks stand: the name, ``id:<id>``, and after a rename for some time the former names.

        The present name comes last: that is where tasks move to, so who reads in this order misses none that moves meanwhile.
        """
        if not _fits(name, _LONGEST_INDEX_KEY_BYTES):
            return []
        entry = self._by_name(kind, name) if self._state_table else None
        if entry is None:
            return [name]
        former = []
        if not entry["isSettled"]:
            for one in entry.get("formerNames", []):
                holder = self._by_name(kind, one)
                if holder is None or holder["id"] == entry["id"]:
                    former.append(one)
        keys = [f"id:{entry['id']}", *former, name, entry.get("name", name)]
        return [key for at, key in enumerate(keys) if key not in keys[at + 1 :]]

    def _by_name(self, kind: str, name: str) -> Optional[dict[str, Any]]:
        """Whatever has a name, else whatever had it; of several the one that was named last."""
        table = self._required_state_table()
        if not _fits(f"name#{name}", _LONGEST_SORT_KEY_BYTES):
            return None
        scope = f"directory#{kind}"
        leads_to = self._get(table, _state_key(scope, f"name#{name}"))
        if leads_to is None:
            return None
        entry = self._get(table, _state_key(scope, f"id#{leads_to['id']}"))
        if entry is not None and entry.get("name") == name:
            return entry
        entries = sorted(self._items(scope, "id#"), key=lambda one: one["changedAt"], reverse=True)
        present = [one for one in entries if one.get("name") == name]
        former = [one for one in entries if name in one.get("formerNames", [])]
        return next(iter(present + former), None)

    def _changes_under(self, key: str, after: str, until: str) -> Iterator[Change]:
        items = self._query_index(
            "changes",
            "project",
            key,
            condition="changedAt BETWEEN :after AND :until",
            values={":after": {"S": after}, ":until": {"S": until}},
        )
        for item in items:
            # BETWEEN has both its ends in it.
            if item["changedAt"] != after:
                yield Change(
                    item["taskId"],
                    item["status"],
                    item["revision"],
                    item["current"],
                    item["changedAt"][:24],
                    item["changedAt"],
                )

    def _query_index(
        self,
        index: str,
        attribute: str,
        key: str,
        condition: Optional[str] = None,
        values: Optional[Mapping[str, Any]] = None,
        filters: Optional[str] = None,
        projection: Optional[str] = None,
        backwards: bool = False,
    ) -> Iterator[dict[str, Any]]:
        query: dict[str, Any] = {
            "TableName": self._tasks_table,
            "IndexName": index,
            "KeyConditionExpression": "#key = :key" + (f" AND {condition}" if condition else ""),
            "ExpressionAttributeNames": {"#key": attribute},
            "ExpressionAttributeValues": {":key": {"S": key}, **(values or {})},
            "ScanIndexForward": not backwards,
        }
        if filters:
            query["FilterExpression"] = filters
        if projection:
            query["ProjectionExpression"] = projection
        return self._query(query)

    def _items(self, scope: str, prefix: Optional[str] = None) -> Iterator[dict[str, Any]]:
        """Items of MirrorState."""
        condition, values = "#scope = :scope", {":scope": {"S": scope}}
        names = {"#scope": "scope"}
        if prefix is not None:
            condition += " AND begins_with(#item, :prefix)"
            values[":prefix"] = {"S": prefix}
            names["#item"] = "item"
        return self._query(
            {
                "TableName": self._required_state_table(),
                "ConsistentRead": True,
                "KeyConditionExpression": condition,
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": values,
            }
        )

    def _stored_documents(self, task_id: str) -> Iterator[dict[str, Any]]:
        names = {f"#{name}": name for name in ("record", "source", "from", "until")}
        return self._query(
            {
                "TableName": self._tasks_table,
                "ConsistentRead": True,
                "KeyConditionExpression": "taskId = :id AND begins_with(#record, :documents)",
                "ProjectionExpression": "#record, api, #source, #from, #until, previous",
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": {":id": {"S": task_id}, ":documents": {"S": "document#"}},
            }
        )

    def _query(self, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        while True:
            page = self._dynamodb.query(**query)
            yield from map(_plain, page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            query = {**query, "ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _get(self, table: str, key: dict[str, Any]) -> Optional[dict[str, Any]]:
        answer = self._dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)
        return _plain(answer["Item"]) if "Item" in answer else None

    def _document_items(self, keys: Sequence[tuple[str, str]]) -> list[Optional[dict[str, Any]]]:
        """In the order of the keys. Documents are immutable, so the reads need not be consistent: half the price."""
        items = self._batch_get([_key(*key) for key in dict.fromkeys(keys)], consistent=False)
        by_key = {(item["taskId"], item["record"]): item for item in items}
        return [by_key.get(key) for key in keys]

    def _batch_get(self, keys: list[dict[str, Any]], consistent: bool) -> list[dict[str, Any]]:
        """Keys come back unprocessed when a partition is throttled, or when an answer would exceed 16 MB: after a
        full answer they are asked for at once."""
        items: list[dict[str, Any]] = []
        left, attempt = keys, 0
        while left:
            if attempt == _BATCH_GET_ATTEMPTS:
                raise MirrorError(f"DynamoDB left {len(left)} of {len(keys)} items unread after {attempt} tries")
            if attempt > 0:
                time.sleep(min(5, 0.05 * 2 ** (attempt - 1)) * random.random())
            request = {self._tasks_table: {"Keys": left, "ConsistentRead": consistent}}
            answer = self._dynamodb.batch_get_item(RequestItems=request)
            found = [_plain(item) for item in answer["Responses"].get(self._tasks_table, [])]
            items += found
            left = answer.get("UnprocessedKeys", {}).get(self._tasks_table, {}).get("Keys", [])
            attempt = 0 if sum(len(item.get("body", b"")) for item in found) > _FULL_ANSWER_BYTES else attempt + 1
        return items

    def _to_document(self, item: Mapping[str, Any]) -> Document:
        record = item["record"]
        text = self._text(item, "body")
        if text is None:
            raise MirrorError("a document has neither a body nor a key of one")
        return Document(
            task_id=item["taskId"],
            record=record,
            revision=_revision(record),
            api=item["api"],
            source=item["source"],
            from_=item["from"],
            until=item["until"],
            text=text,
            bytes=item["bytes"],
            sha256=record.rsplit("#", 1)[1],
            envelope=self._text(item, "envelope"),
        )

    def _text(self, item: Mapping[str, Any], name: str) -> Optional[str]:
        if name in item:
            return gzip.decompress(item[name]).decode()
        key = item.get(f"{name}Key")
        return None if key is None else gzip.decompress(self._object(key)).decode()

    def _object(self, key: str) -> bytes:
        if self._bucket is None:
            raise MirrorError("a document is in the bucket: name it as bodies_bucket (output BodiesBucketName)")
        if self._s3 is None:
            self._s3 = self._session.client("s3", config=_LIMITS)
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            raise MirrorError(f"the bucket lacks the object {key}") from error

    def _required_state_table(self) -> str:
        if self._state_table is None:
            raise MirrorError("this needs MirrorState: name it as mirror_state_table (output MirrorStateTableName)")
        return self._state_table


@dataclass(frozen=True)
class _Selection:
    kind: str
    name: str
    status: Optional[str]
    after: Optional[str]
    before: Optional[str]

    def parts(self) -> list[dict[str, Any]]:
        """With a status only its part of the index is read. Else in the order in which tasks move: what is open backwards,
        ``pending`` and then ``error``, and after that forwards ``canceled``, ``completed`` and ``deleted``.

        The filter stands beside it: a task that has never been completed has its time of creation in the key.
        """
        values: dict[str, Any] = {}
        filters = []
        if self.after is not None:
            filters.append("completedAt >= :after")
            values[":after"] = {"S": self.after}
        if self.before is not None:
            filters.append("completedAt < :before")
            values[":before"] = {"S": self.before}
        common = {"filters": " AND ".join(filters) or None}
        if self.status is not None:
            values[":low"] = {"S": f"{self.status}#{self.after or ''}"}
            values[":high"] = {"S": f"{self.status}#{self.before or '~'}"}
            return [{**common, "values": values, "condition": "statusTime BETWEEN :low AND :high"}]
        values[":open"] = {"S": "error"}
        return [
            {**common, "values": values, "condition": "statusTime >= :open", "backwards": True},
            {**common, "values": values, "condition": "statusTime < :open"},
        ]

    def fits(self, task: Task) -> bool:
        """Whether a task is still of the selection: a head may have moved on since the index listed it."""
        if task.status == "forgotten" or (self.status is not None and task.status != self.status):
            return False
        if self.after is None and self.before is None:
            return True
        if task.completed_at is None:
            return False
        return (self.after or "") <= task.completed_at < (self.before or "~")


class _Pools:
    """Threads of one iterator; they end with it, however it ends."""

    def __init__(self) -> None:
        self._pools: list[ThreadPoolExecutor] = []

    def __enter__(self) -> _Pools:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)

    def ahead(self, source: Iterable[_In], at_once: int, work: Callable[[_In], _Out]) -> Iterator[_Out]:
        """Maps a sequence, up to so many at once ahead of who reads it, and answers in its order."""
        pool = ThreadPoolExecutor(at_once)
        self._pools.append(pool)
        running: deque[Future[_Out]] = deque()
        for one in source:
            running.append(pool.submit(work, one))
            if len(running) >= at_once:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _groups(source: Iterable[_In], size: int) -> Iterator[list[_In]]:
    iterator = iter(source)
    while group := list(islice(iterator, size)):
        yield group


def _fits(key: str, most_bytes: int) -> bool:
    """Half a surrogate pair has no UTF-8."""
    return 0 < len(key.encode(errors="surrogatepass")) <= most_bytes and not any("\ud800" <= one <= "\udfff" for one in key)


def _key(task_id: str, record: str) -> dict[str, Any]:
    return {"taskId": {"S": task_id}, "record": {"S": record}}


def _state_key(scope: str, item: str) -> dict[str, Any]:
    return {"scope": {"S": scope}, "item": {"S": item}}


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item without DynamoDB's types."""
    return {name: _value(attribute) for name, attribute in item.items()}


def _value(attribute: Mapping[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    if kind == "N":
        return int(value) if value.lstrip("-").isdigit() else Decimal(value)
    if kind == "NULL":
        return None
    if kind == "M":
        return _plain(value)
    if kind == "L":
        return [_value(one) for one in value]
    return value


def _to_task(item: Mapping[str, Any]) -> Task:
    listed = Task(
        item["taskId"],
        item["status"],
        item.get("completedAt"),
        item.get("reviewStatus"),
        item["current"],
        item.get("fields") or None,
    )
    if "version" not in item:
        return listed
    return replace(
        listed,
        revision=item["revision"],
        version=item["version"],
        project=_name(item.get("project"), item.get("projectId")),
        project_id=item.get("projectId"),
        batch=_name(item.get("batch"), item.get("batchId")),
        batch_id=item.get("batchId"),
        type=item.get("type"),
        created_at=item.get("createdAt"),
        updated_at=item.get("updatedAt"),
        unique_id=item.get("uniqueId"),
        observed_from=item["observedFrom"],
        observed_until=item["observedUntil"],
        observed_by=item["observedBy"],
        confirmed=item["confirmed"],
        mirrored_at=item["mirroredAt"],
        changed_at=item["changedAt"][:24],
    )


def _name(key: Optional[str], id: Optional[str]) -> Optional[str]:
    return None if key == f"id:{id or ''}" else key


def _to_entry(task_id: str, item: Mapping[str, Any], current: str) -> HistoryEntry:
    record = item["record"]
    return HistoryEntry(
        task_id,
        record,
        _revision(record),
        item["api"],
        item["source"],
        item["from"],
        item["until"],
        record == current,
    )


def _to_batch_at_scale(item: Mapping[str, Any]) -> BatchAtScale:
    return BatchAtScale(
        status=item["status"],
        created_at=item.get("createdAt"),
        completed_at=item.get("completedAt"),
        project=item.get("project"),
        project_id=item.get("projectId"),
        tasks=item.get("counts"),
        checked_at=item["checkedAt"],
        is_open=item["isOpen"],
    )


def _to_spans(item: Mapping[str, Any]) -> list[CoveredSpan]:
    return [
        CoveredSpan(one.get("from"), one["until"], one["walkedAt"], one["lastWalkedAt"])
        for one in item["covered"]
    ]


def _to_report(item: Optional[Mapping[str, Any]]) -> Optional[dict[str, Any]]:
    if item is None:
        return None
    return {name: value for name, value in item.items() if name not in ("scope", "item", "source", "idsKey")}


def _stage(completed: list[CoveredSpan], has_slices: bool, report: Optional[Mapping[str, Any]]) -> str:
    if not completed and not has_slices:
        return "callbacks"
    # A hole means that what lies before it is still being walked, or a range was walked by hand.
    if len(completed) != 1 or completed[0].from_ is not None:
        return "backfill"
    return "mirrored" if report is not None and report["isComplete"] else "reconcile"


def _revision(record: str) -> int:
    """Of ``document#<revision>#<sha256>``."""
    return int(record.split("#", 2)[1])


def _iso(value: Optional[Time], what: str) -> Optional[str]:
    """A time as the tables write it; ``what`` names it where it is none."""
    if value is None:
        return None
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError as error:
        raise ValueError(f'{what} is no time: "{value}". Give a datetime or ISO 8601 text') from error
    return _format(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc))


def _format(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _exact_int(digits: str) -> Union[int, Decimal]:
    """Python reads no whole numbers of more digits than this."""
    return int(digits) if len(digits) <= 4_300 else Decimal(digits)
