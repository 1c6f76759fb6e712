"""moto's server, with what its CloudFormation lacks for this project's template.

    python3 moto_server.py

Listens on a free port of 127.0.0.1, prints its URL, and ends as soon as its standard input does, so that it
never outlives who has started it. Made for moto 5.2; needs nothing that moto does not bring.

A resource of a type that moto does not know is made through that service's own API, by boto3, on this same
server. So botocore's model of the service checks the properties: a wrong name or type fails the deploy, as it
would at AWS.
"""

import functools
import json
import os
import sys
import threading
from urllib.parse import urlparse

import boto3
import moto.cloudformation.parsing as parsing
import moto.cloudformation.responses as responses
import moto.cloudformation.utils as utils
from moto.cloudformation.models import CloudFormationBackend
from moto.cloudwatch.models import Dashboard
from moto.core.common_models import CloudFormationModel
from moto.events.models import EventBus
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

server = make_server(
    "127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True
)
URL = f"http://127.0.0.1:{server.server_port}"


@functools.cache
def client(service, region):
    return boto3.client(
        service,
        endpoint_url=URL,
        region_name=region,
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )


# --- Resource types -------------------------------------------------------------------------------------------


class Request:
    """What CloudFormation asks for: the properties, with all references resolved."""

    def __init__(self, name, logical_id, properties, account, region):
        self.name = name
        self.logical_id = logical_id
        self.properties = properties
        self.account = account
        self.region = region

    def api(self, service):
        return client(service, self.region)


# moto finds them among the subclasses, which are there only as long as somebody holds them.
TYPES = []


def resource_type(cfn_type, name_property="", delete=None):
    """Registers a function that makes a resource and answers its `Ref` and its attributes."""

    def register(create):
        class Resource(CloudFormationModel):
            # moto keeps its instances by the second word of this.
            __module__ = "moto.of_scale_task_mirror"

            @staticmethod
            def cloudformation_name_type():
                return name_property

            @staticmethod
            def cloudformation_type():
                return cfn_type

            @classmethod
            def has_cfn_attr(cls, attr):
                return True

            @classmethod
            def create_from_cloudformation_json(
                cls, resource_name, cloudformation_json, account_id, region_name, **more
            ):
                properties = cloudformation_json.get("Properties", {})
                self = cls()
                self.request = Request(
                    resource_name, more["LogicalId"], properties, account_id, region_name
                )
                try:
                    self.physical_resource_id, self.attributes = create(self.request)
                except Exception as error:
                    raise RuntimeError(f"{cfn_type} {more['LogicalId']}: {error}") from error
                return self

            def get_cfn_attribute(self, name):
                return self.attributes[name]

            def is_created(self):
                return True

            def delete(self, account_id, region_name):
                if delete is not None:
                    delete(self.request, self.physical_resource_id)

        TYPES.append(Resource)
        return create

    return register


def remove_api_part(operation, id_name):
    """Deletes a part of an HTTP API; the API may have gone before it, and has taken it along."""

    def remove(request, physical_id):
        api = request.api("apigatewayv2")
        try:
            getattr(api, operation)(ApiId=request.properties["ApiId"], **{id_name: physical_id})
        except api.exceptions.NotFoundException:
            pass

    return remove


@resource_type(
    "AWS::ApiGatewayV2::Api", delete=lambda r, id: r.api("apigatewayv2").delete_api(ApiId=id)
)
def http_api(request):
    api = request.api("apigatewayv2").create_api(**request.properties)
    host = f"{api['ApiId']}.execute-api.{request.region}.amazonaws.com"
    return api["ApiId"], {"ApiId": api["ApiId"], "ApiEndpoint": f"https://{host}"}


@resource_type(
    "AWS::ApiGatewayV2::Integration", delete=remove_api_part("delete_integration", "IntegrationId")
)
def integration(request):
    made = request.api("apigatewayv2").create_integration(**request.properties)
    return made["IntegrationId"], {}


@resource_type("AWS::ApiGatewayV2::Route", delete=remove_api_part("delete_route", "RouteId"))
def route(request):
    made = request.api("apigatewayv2").create_route(**request.properties)
    return made["RouteId"], {"RouteId": made["RouteId"]}


@resource_type("AWS::ApiGatewayV2::Stage", delete=remove_api_part("delete_stage", "StageName"))
def stage(request):
    made = request.api("apigatewayv2").create_stage(**request.properties)
    return made["StageName"], {}


@resource_type("AWS::Chatbot::SlackChannelConfiguration")
def slack_channel(request):
    """moto has no such service: only what CloudFormation requires is looked after."""
    needed = ("ConfigurationName", "IamRoleArn", "SlackChannelId", "SlackWorkspaceId")
    missing = [name for name in needed if not request.properties.get(name)]
    if missing:
        raise ValueError(f"missing {', '.join(missing)}")
    name = request.properties["ConfigurationName"]
    arn = f"arn:aws:chatbot::{request.account}:chat-configuration/slack-channel/{name}"
    return arn, {"Arn": arn}


@resource_type(
    "AWS::CloudWatch::Alarm",
    "AlarmName",
    delete=lambda r, id: r.api("cloudwatch").delete_alarms(AlarmNames=[id]),
)
def alarm(request):
    api = request.api("cloudwatch")
    api.put_metric_alarm(**{"AlarmName": request.name, **request.properties})
    (made,) = api.describe_alarms(AlarmNames=[request.name])["MetricAlarms"]
    return request.name, {"Arn": made["AlarmArn"]}


@resource_type("AWS::Lambda::EventInvokeConfig")
def event_invoke_config(request):
    request.api("lambda").put_function_event_invoke_config(**request.properties)
    return request.name, {}


@resource_type("AWS::Logs::MetricFilter", "FilterName")
def metric_filter(request):
    """The one API here whose members begin with a small letter."""

    def small(value):
        if isinstance(value, list):
            return [small(one) for one in value]
        if isinstance(value, dict):
            return {name[0].lower() + name[1:]: small(one) for name, one in value.items()}
        return value

    properties = small({"FilterName": request.name, **request.properties})
    request.api("logs").put_metric_filter(**properties)
    return request.name, {}


@resource_type("AWS::S3::BucketPolicy")
def bucket_policy(request):
    """moto enforces bucket policies and knows no conditions: "deny without TLS" would deny everything."""
    document = request.properties["PolicyDocument"]
    kept = [one for one in document["Statement"] if "Condition" not in one]
    if kept:
        request.api("s3").put_bucket_policy(
            Bucket=request.properties["Bucket"], Policy=json.dumps({**document, "Statement": kept})
        )
    return request.name, {}


@resource_type(
    "AWS::SNS::Subscription", delete=lambda r, id: r.api("sns").unsubscribe(SubscriptionArn=id)
)
def subscription(request):
    made = request.api("sns").subscribe(ReturnSubscriptionArn=True, **request.properties)
    return made["SubscriptionArn"], {"Arn": made["SubscriptionArn"]}


@resource_type("AWS::SNS::TopicPolicy")
def topic_policy(request):
    for topic in request.properties["Topics"]:
        request.api("sns").set_topic_attributes(
            TopicArn=topic,
            AttributeName="Policy",
            AttributeValue=json.dumps(request.properties["PolicyDocument"]),
        )
    return request.name, {}


@resource_type("AWS::SQS::QueuePolicy")
def queue_policy(request):
    for queue in request.properties["Queues"]:
        request.api("sqs").set_queue_attributes(
            QueueUrl=queue, Attributes={"Policy": json.dumps(request.properties["PolicyDocument"])}
        )
    return request.name, {}


@resource_type(
    "AWS::Scheduler::Schedule",
    "Name",
    delete=lambda r, id: r.api("scheduler").delete_schedule(Name=id),
)
def schedule(request):
    made = request.api("scheduler").create_schedule(**{"Name": request.name, **request.properties})
    return request.name, {"Arn": made["ScheduleArn"]}


@resource_type(
    "AWS::SecretsManager::Secret",
    "Name",
    delete=lambda r, id: r.api("secretsmanager").delete_secret(
        SecretId=id, ForceDeleteWithoutRecovery=True
    ),
)
def secret(request):
    """Its name is made of its logical id, not of the stack's as well."""
    name = f"{request.logical_id}-{request.name.rsplit('-', 1)[-1]}"
    made = request.api("secretsmanager").create_secret(**{"Name": name, **request.properties})
    return made["ARN"], {"Id": made["ARN"]}


# --- What moto does otherwise than CloudFormation --------------------------------------------------------------


def mend(owner, name):
    """Replaces a function of moto's by one that is given the original."""

    def replace(replacement):
        setattr(owner, name, functools.partialmethod(replacement, getattr(owner, name)))
        return replacement

    return replace


def from_our_own_s3(template_url, account_id, partition):
    """moto takes a bucket's name from the path only where the host is "localhost"."""
    parsed = urlparse(template_url)
    return original_from_s3(f"http://localhost{parsed.path}", account_id, partition)


original_from_s3 = utils.get_stack_from_s3_url
responses.get_stack_from_s3_url = from_our_own_s3


# Their `Ref` is their name; moto gives none, or an id.
EventBus.physical_resource_id = property(lambda self: self.name)
Dashboard.physical_resource_id = property(lambda self: self.name)


@mend(CloudFormationBackend, "execute_change_set")
def with_outputs(self, original, *args, **kwargs):
    """moto keeps the outputs of the empty stack that it began with."""
    original(self, *args, **kwargs)
    for stack in self.stacks.values():
        stack._parse_template()
        stack.output_map = stack._create_output_map()


def main():
    for cached in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        cached.cache_clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"url": URL}), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
