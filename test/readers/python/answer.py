"""Answers questions to the Python reader: JSON in by the first argument, JSON out in the names of the TypeScript reader."""

import json
import re
import sys
from dataclasses import is_dataclass

import boto3

sys.path.insert(0, "readers/python")
from scale_task_mirror import Mirror  # noqa: E402


def plain(value):
    if is_dataclass(value):
        return {camel(name): plain(one) for name, one in vars(value).items()}
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return [plain(one) for one in value]


def camel(name):
    return re.sub("_([a-z])", lambda match: match[1].upper(), name).rstrip("_")


def snake(name):
    return re.sub("([A-Z])", lambda match: "_" + match[1].lower(), name)


class Throttled:
    """A client whose BatchGetItem leaves all but one key of a call unprocessed, so many times."""

    def __init__(self, client, times):
        self.client, self.times = client, times

    def __getattr__(self, name):
        return getattr(self.client, name)

    def batch_get_item(self, RequestItems):
        if self.times == 0:
            return self.client.batch_get_item(RequestItems=RequestItems)
        self.times -= 1
        ((table, request),) = RequestItems.items()
        first, *others = request["Keys"]
        answer = self.client.batch_get_item(RequestItems={table: {**request, "Keys": [first]}})
        return {**answer, "UnprocessedKeys": {table: {**request, "Keys": others}}}


class Moving:
    """A client that answers queries an item at a time, and puts items after the n-th page: tasks that move while they are listed."""

    def __init__(self, client, table, moves):
        self.client, self.table, self.moves, self.pages = client, table, moves, 0

    def __getattr__(self, name):
        return getattr(self.client, name)

    def query(self, **query):
        if not self.moves or query["TableName"] != self.table:
            return self.client.query(**query)
        answer = self.client.query(**query, Limit=1)
        for item in self.moves.get(str(self.pages), []):
            self.client.put_item(TableName=self.table, Item=item)
        self.pages += 1
        return answer


asked = json.loads(sys.argv[1])
throttled = Throttled(boto3.client("dynamodb", endpoint_url=asked["dynamodbUrl"]), asked["throttled"])
mirror = Mirror(
    asked["tasksTable"],
    asked.get("mirrorStateTable"),
    asked.get("bodiesBucket"),
    dynamodb=Moving(throttled, asked["tasksTable"], asked["moves"]),
    s3=boto3.client("s3", endpoint_url=asked["awsUrl"], config=boto3.session.Config(s3={"addressing_style": "path"})),
    clock=lambda: asked["now"] / 1000,
)


def answer(verb, *arguments, **options):
    if verb == "documents of":
        return mirror.documents(mirror.history(*arguments))
    if verb == "parse":
        return mirror.task(arguments[0]).document.parse()
    if verb == "parse exactly":
        return {name: str(value) for name, value in mirror.task(arguments[0]).document.parse(exact=True).items()}
    if verb == "fields of":
        return {name: str(value) for name, value in mirror.head(*arguments).fields.items()}
    return getattr(mirror, verb)(*arguments, **{snake(name): value for name, value in options.items()})


def attempt(verb, *arguments):
    options = arguments[-1] if arguments and isinstance(arguments[-1], dict) else {}
    try:
        return plain(answer(verb, *(one for one in arguments if not isinstance(one, dict)), **options))
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


print(json.dumps([attempt(*question) for question in asked["questions"]]))
