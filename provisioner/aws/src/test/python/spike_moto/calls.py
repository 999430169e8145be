"""Which service and which action a request is for, as AWS's own names say it."""

import io
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote_plus

# S3 has no action in its requests: what (method, has key, word of the query) means there.
S3_SUBRESOURCES = ("tagging", "versioning", "publicAccessBlock", "encryption", "policy", "lifecycle", "location")


@dataclass
class Call:
    service: str
    action: str
    region: str
    text: str
    access_key: str
    attempt: int

    @property
    def name(self):
        return f"{self.service}:{self.action}"


def body_of(environ):
    """The request's body, left readable for the application behind."""
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    body = stream.read(int(length)) if length else b""
    if not length and environ.get("wsgi.input_terminated"):
        body = stream.read()
        environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def call_of(environ):
    body = body_of(environ)
    access_key, region, service = "", "us-east-1", "unsigned"
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    if "Credential=" in authorization:
        scope = authorization.split("Credential=")[1].split(",")[0].split("/")
        access_key, region, service = scope[0], scope[2], scope[3]
    target = environ.get("HTTP_X_AMZ_TARGET")
    if service == "s3":
        action, text = s3_action(environ), f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
    elif target:
        action, text = target.split(".")[-1], body.decode("utf-8", "replace")
    else:
        words = body.decode("utf-8", "replace") or environ.get("QUERY_STRING", "")
        action, text = parse_qs(words).get("Action", [environ["PATH_INFO"]])[0], unquote_plus(words)
    attempt = re.search(r"attempt=(\d+)", environ.get("HTTP_AMZ_SDK_REQUEST", ""))
    return Call(service, action, region, text, access_key, int(attempt[1]) if attempt else 1)


def s3_action(environ):
    method = environ["REQUEST_METHOD"]
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    has_key = len([part for part in environ["PATH_INFO"].split("/") if part]) > 1
    verb = {"GET": "Get", "PUT": "Put", "DELETE": "Delete", "POST": "Post", "HEAD": "Head"}.get(method, method)
    for word in S3_SUBRESOURCES:
        if word in query:
            return f"{verb}{'Object' if has_key else 'Bucket'}{word[0].upper()}{word[1:]}"
    if has_key:
        return f"{verb}Object"
    if method == "GET":
        return "ListObjectsV2" if query.get("list-type") == ["2"] else "ListObjects" if query else "ListBuckets" if environ["PATH_INFO"] == "/" else "ListObjects"
    if method == "POST" and "delete" in query:
        return "DeleteObjects"
    return {"PUT": "CreateBucket", "DELETE": "DeleteBucket", "HEAD": "HeadBucket"}.get(method, method)
