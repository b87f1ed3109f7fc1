"""What the scripts in Python share: each step prints a line of JSON, its name and what came of it."""

import hashlib
import json
import sys
import time

broker, prefix = sys.argv[1:3]


def own(name):
    """A topic's, group's or transactional id's name of this run."""
    return f"{prefix}-{name}"


def anonymous(text):
    return text.replace(prefix, "P").replace(broker, "BROKER")


def step(action):
    """Runs the function at once and prints what came of it, an error too. Its name is the step's."""
    name = action.__name__.replace("_", " ")
    try:
        answer = action()
    except Exception as error:
        answer = {"error": describe(error)}
    print(anonymous(json.dumps({"step": name, "answer": answer}, default=str)), flush=True)


def describe(error):
    while hasattr(error, "args") and error.args and hasattr(error.args[0], "name"):
        error = error.args[0]
        return error.name()
    name = type(error).__name__
    return name if name.endswith("Error") and not isinstance(error, TimeoutError) else str(error)


def until(condition, state=lambda: ""):
    end = time.time() + 25
    while not condition():
        if time.time() > end:
            raise TimeoutError(f"waited in vain: {state()}")
        time.sleep(0.02)


def numbered(count, text):
    return [f"{text}-{i}" for i in range(count)]


def digest(items):
    """A long answer in short: how many, the first and the last, and a checksum."""
    text = "\n".join(str(item) for item in items)
    checksum = hashlib.sha1(anonymous(text).encode()).hexdigest()[:8]
    return f"{len(items)}: {items[0]} .. {items[-1]}, {checksum}" if items else "0"
