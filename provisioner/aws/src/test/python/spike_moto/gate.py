"""The door in front of moto: records calls, applies the rules, answers ``/spike/...``."""

import json
import os
import threading
import time
from collections import Counter, deque
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from . import machine, prices, shapes
from .buckets import BUCKETS
from .calls import body_of, call_of
from .faults import RULES, Refused
from .left import left
from .unlisted import listed, made
from .world import WORLD
from .worlds import OPENING, WORLDS

LOG_MAX = 50_000
STATUS = {200: "200 OK", 400: "400 Bad Request", 403: "403 Forbidden", 404: "404 Not Found", 429: "429 Too Many Requests", 503: "503 Service Unavailable"}


class Record:
    def __init__(self):
        self.lock = threading.Lock()
        self.clear()

    def clear(self):
        with self.lock:
            self.counts = Counter()
            self.log = deque(maxlen=LOG_MAX)
            self.started = time.monotonic()

    def anew(self):
        """In a fork: with a lock that no other thread holds, since none came along."""
        self.lock = threading.Lock()
        self.clear()

    def add(self, call):
        with self.lock:
            self.counts[call.name] += 1
            entry = {"call": call.name, "at": round(time.monotonic() - self.started, 4), "key": call.access_key, "outcome": None}
            self.log.append(entry)
            return entry

    def report(self, with_log):
        with self.lock:
            answer = {"total": sum(self.counts.values()), "counts": dict(sorted(self.counts.items()))}
            if with_log:
                answer["log"] = list(self.log)
            return answer


class Gate:
    def __init__(self, application):
        self.application = application
        self.record = Record()

    def anew(self):
        """In a fork of this process: the same world, no rules, no record, and no lock held by who did not come along."""
        WORLD.lock = threading.RLock()
        RULES.anew()
        self.record.anew()
        BUCKETS.anew()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith("/spike/"):
            return self.control(environ, start_response)
        call = call_of(environ)
        entry = self.record.add(call)
        try:
            BUCKETS.take(call)
            shapes.check(call, environ, body_of(environ))
            struck = RULES.before(call)
            status, headers, body = self.effect(environ, call)
            entry["outcome"] = status.split(" ")[0]
            RULES.after(struck, call)
        except Refused as refused:
            entry["outcome"] = refused.code
            status, headers, body = refusal(call, refused)
        except ConnectionError:
            entry["outcome"] = f"dropped after {entry['outcome']}" if entry["outcome"] else "dropped"
            raise
        start_response(status, headers)
        return [body]

    def effect(self, environ, call):
        """What moto answers, whole, so that nothing is sent before the rules had their say."""
        priced = prices.answer(call)
        if priced is not None:
            return STATUS[200], [("Content-Type", "application/x-amz-json-1.1")], priced
        answer = {}

        def keep(status, headers, exc_info=None):
            answer["status"], answer["headers"] = status, headers

        from moto.ec2.models import ec2_backends

        with WORLD.lock:
            WORLD.expire_interfaces(ec2_backends)
            parts = self.application(environ, keep)
            body = b"".join(parts)
            if hasattr(parts, "close"):
                parts.close()
            made(call, body)
            seen = listed(call, body)
            WORLDS.called(call)
        if seen is not body:
            kept = [(name, value) for name, value in answer["headers"] if name.lower() != "content-length"]
            answer["headers"] = [*kept, ("Content-Length", str(len(seen)))]
        return answer["status"], answer["headers"], seen

    def control(self, environ, start_response):
        body = body_of(environ)
        try:
            values = json.loads(body) if body else {}
            query = parse_qs(environ.get("QUERY_STRING", ""))
            answer = self.answer(environ["REQUEST_METHOD"], environ["PATH_INFO"], values, query)
            status = STATUS[200] if answer is not None else STATUS[404]
        except (ValueError, KeyError, TypeError) as wrong:
            status, answer = STATUS[400], {"error": f"{type(wrong).__name__}: {wrong}"}
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    def answer(self, method, path, values, query):
        match method, path:
            case "POST", "/spike/faults":
                return {"rule": RULES.add(values)}
            case "GET", "/spike/faults":
                return {"rules": RULES.report()}
            case "DELETE", "/spike/faults":
                RULES.remove(values["rule"])
                return {}
            case "GET", "/spike/held":
                return {"held": RULES.waiting(float(query.get("wait", ["0"])[0]))}
            case "POST", "/spike/release":
                RULES.release(values["how"])
                return {}
            case "GET", "/spike/calls":
                return {**self.record.report("log" in query), **BUCKETS.report()}
            case "POST", "/spike/calls":
                self.record.clear()
                BUCKETS.clear()
                return {}
            case "POST", "/spike/settings":
                with WORLD.lock:
                    WORLD.set(values)
                return {}
            case "POST", "/spike/reset":
                self.reset()
                return {}
            case "GET", "/spike/nodes":
                with WORLD.lock:
                    return {"nodes": machine.report()}
            case "GET", "/spike/left":
                with WORLD.lock:
                    return left(query["account"][0], query["region"][0])
            case "POST", "/spike/worlds":
                with WORLD.lock:
                    WORLDS.begin()
                return {}
            case "DELETE", "/spike/worlds":
                WORLDS.end()
                return {}
            case "GET", "/spike/worlds":
                return WORLDS.report()
            case "POST", "/spike/worlds/open":
                with OPENING:
                    return {"port": WORLDS.open(values["world"])}
            case "POST", "/spike/end":
                threading.Timer(0.05, os._exit, (0,)).start()
                return {}
            case "GET", "/spike/secrets":
                return {"values": secret_values()}
        return None

    def reset(self):
        from moto.core.base_backend import BackendDict
        from moto.core.model_instances import reset_model_data

        RULES.clear()
        with WORLD.lock:
            WORLDS.clear()
            BackendDict.reset()
            reset_model_data()
            WORLD.clear()
            BUCKETS.anew()
        self.record.clear()


def secret_values():
    """Every secret's value, so that a test can search logs and arguments for them."""
    from moto.secretsmanager.models import secretsmanager_backends

    with WORLD.lock:
        return [
            version.get("secret_string")
            for account in secretsmanager_backends.values()
            for backend in account.values()
            for secret in backend.secrets.values()
            for version in secret.versions.values()
        ]


def refusal(call, refused):
    """An error in the wire form of the service that was called."""
    code, message = escape(refused.code), escape(refused.message)
    status = STATUS.get(refused.status, f"{refused.status} Error")
    if call.service == "ec2":
        body = f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>spike</RequestID></Response>"
    elif call.service == "s3":
        body = f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>spike</RequestId></Error>"
    elif call.service in ("elasticloadbalancing", "elasticache", "sts", "iam"):
        body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>spike</RequestId></ErrorResponse>"
    else:
        body = json.dumps({"__type": refused.code, "message": refused.message})
        return status, [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", refused.code)], body.encode()
    return status, [("Content-Type", "text/xml")], body.encode()
