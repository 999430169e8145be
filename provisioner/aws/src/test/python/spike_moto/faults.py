"""The rules by which calls fail, and the words in which each service says so.

A rule is an object: which calls ({service, action, contains}, each absent or ``*`` for any), which of them
({nth: k} only the k-th that fits, {from: k} from it on, {times: n} the first n, {each: true} the first attempt of each request, and
of a request that comes again every second time; absent = all), and the effect:

  throttle | expired          the service's own error for it
  error {code, message, status}
  delay {seconds}             before the effect
  drop-before | drop-after    the connection ends without an answer, before or after the effect
  hold-before | hold-after    the answer waits until POST /spike/release {how: continue|drop}
  not-found {after, seconds, code}
                              after the call named by ``after`` (an action), reads that fit do not see anything
  unlisted {seconds}          what the last call of ``action`` made, in EC2, is in no list before that many seconds after a call
                              of it was answered with the same again, or, where it takes no client token, was made again; for
                              ever when none is; see unlisted.py
  gone-after {code}           the effect is there, and the answer is that there is no such thing, as when another run was faster
  capacity {zone, type, code} the zone has no room (for that type); consulted by the launching actions
  partial {count, code}       a fleet gets at most that many
"""

import threading
import time
from itertools import count

THROTTLES = {
    "ec2": ("RequestLimitExceeded", 503),
    "s3": ("SlowDown", 503),
    "elasticloadbalancing": ("Throttling", 400),
    "elasticache": ("Throttling", 400),
    "sts": ("Throttling", 400),
    "servicequotas": ("TooManyRequestsException", 429),
    "tagging": ("ThrottledException", 400),
}
EXPIRED = {
    "ec2": ("RequestExpired", 400),
    "s3": ("ExpiredToken", 400),
    "elasticloadbalancing": ("ExpiredToken", 403),
    "elasticache": ("ExpiredToken", 403),
    "sts": ("ExpiredToken", 403),
}
# Consulted where they matter, not at the gate.
QUIET = ("capacity", "partial", "unlisted")
EFFECTS = (
    "throttle", "expired", "error", "delay", "drop-before", "drop-after", "hold-before", "hold-after", "not-found", "gone-after",
) + QUIET
# No test waits longer for its own release.
HOLD_SECONDS_MAX = 120


class Dropped(ConnectionError):
    """The connection ends here; the server then writes no answer."""


class Refused(Exception):
    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class Rule:
    def __init__(self, number, values):
        if values.get("effect") not in EFFECTS:
            raise ValueError(f"effect {values.get('effect')!r} is none of {', '.join(EFFECTS)}")
        self.number, self.values = number, values
        self.effect = values["effect"]
        self.seen = 0
        self.hits = 0
        self.created = None
        self.requests = {}

    def fits(self, call):
        service, action = self.values.get("service", "*"), self.values.get("action", "*")
        return (
            service in ("*", call.service)
            and action in ("*", call.action)
            and self.values.get("contains", "") in call.text
        )

    def first(self, call):
        if call.attempt > 1:
            return False
        request = (call.name, call.text)
        self.requests[request] = self.requests.get(request, 0) + 1
        return self.requests[request] % 2 == 1

    def strikes(self, call):
        """Counts the call where it fits; true when this is one that the effect is for."""
        if not self.fits(call):
            return False
        self.seen += 1
        values = self.values
        struck = (
            self.seen == values["nth"] if "nth" in values
            else self.seen >= values["from"] if "from" in values
            else self.seen <= values["times"] if "times" in values
            else self.first(call) if "each" in values
            else True
        )
        self.hits += struck
        return struck


class Rules:
    def __init__(self):
        self.numbers = count(1)
        self.anew()

    def anew(self):
        """With no rules, and a lock that nobody holds."""
        self.lock = threading.Condition()
        self.clear()

    def clear(self):
        with self.lock:
            self.rules = []
            self.held = {}
            self.lock.notify_all()

    def add(self, values):
        with self.lock:
            rule = Rule(next(self.numbers), values)
            self.rules.append(rule)
            return rule.number

    def remove(self, number):
        with self.lock:
            self.rules = [rule for rule in self.rules if rule.number != number]

    def report(self):
        with self.lock:
            return [{"rule": rule.number, "seen": rule.seen, "hits": rule.hits, **rule.values} for rule in self.rules]

    def before(self, call):
        """What happens to a call before its effect; returns what remains to happen after it."""
        with self.lock:
            struck = [rule for rule in self.rules if rule.effect not in QUIET + ("not-found",) and rule.strikes(call)]
            hidden = [rule for rule in self.rules if rule.effect == "not-found"]
        for rule in struck:
            self.act(rule, call)
        for rule in hidden:
            self.hide(rule, call)
        return [rule for rule in struck if rule.effect.endswith("-after")]

    def act(self, rule, call):
        match rule.effect:
            case "throttle":
                code, status = THROTTLES.get(call.service, ("ThrottlingException", 400))
                raise Refused(code, "Rate exceeded", status)
            case "expired":
                code, status = EXPIRED.get(call.service, ("ExpiredTokenException", 400))
                raise Refused(code, "The security token included in the request is expired", status)
            case "error":
                values = rule.values
                raise Refused(values["code"], values.get("message", values["code"]), values.get("status", 400))
            case "delay":
                time.sleep(rule.values["seconds"])
            case "drop-before":
                raise Dropped
            case "hold-before":
                self.hold(rule, call)

    def hide(self, rule, call):
        if call.action == rule.values["after"] and rule.values.get("service", "*") in ("*", call.service):
            rule.created = time.monotonic()
        elif rule.created is not None and time.monotonic() - rule.created < rule.values["seconds"] and rule.strikes(call):
            raise Refused(rule.values["code"], f"{rule.values['code']}: does not exist", rule.values.get("status", 400))

    def after(self, rules, call):
        for rule in rules:
            match rule.effect:
                case "drop-after":
                    raise Dropped
                case "gone-after":
                    raise Refused(rule.values["code"], "There is no such thing.", rule.values.get("status", 400))
                case "hold-after":
                    self.hold(rule, call)

    def hold(self, rule, call):
        with self.lock:
            entry = {"call": call.name, "rule": rule.number, "how": None}
            self.held[id(entry)] = entry
            self.lock.notify_all()
            ended = self.lock.wait_for(lambda: entry["how"] or id(entry) not in self.held, HOLD_SECONDS_MAX)
            self.held.pop(id(entry), None)
        if not ended or entry["how"] != "continue":
            raise Dropped

    def waiting(self, seconds):
        """The calls held now; waits that long for the first."""
        with self.lock:
            self.lock.wait_for(lambda: self.held, seconds)
            return [{"call": entry["call"], "rule": entry["rule"]} for entry in self.held.values()]

    def release(self, how):
        with self.lock:
            for entry in self.held.values():
                entry["how"] = how
            self.lock.notify_all()

    def unlisted(self):
        """The rules by which things are in no list."""
        with self.lock:
            return [rule for rule in self.rules if rule.effect == "unlisted"]

    def capacity(self, zone, instance_type):
        """The error code of a zone that has no room for a type, or None."""
        with self.lock:
            for rule in self.rules:
                values = rule.values
                if rule.effect == "capacity" and values.get("zone", zone) == zone and values.get("type", instance_type) == instance_type:
                    if "times" in values and rule.hits >= values["times"]:
                        continue
                    rule.hits += 1
                    return values.get("code", "InsufficientInstanceCapacity")
            return None

    def partial(self):
        """(most instances, error code) of the first rule that still cuts fleets short, or None."""
        with self.lock:
            for rule in self.rules:
                if rule.effect == "partial" and rule.hits < rule.values.get("times", rule.hits + 1):
                    rule.hits += 1
                    return rule.values["count"], rule.values.get("code", "InsufficientInstanceCapacity")
            return None


RULES = Rules()
