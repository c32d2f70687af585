"""What the drivers of both SDKs share: they differ in nothing but their module."""
import json
import re
import sys


def snake(name):
    return re.sub(r"[A-Z]", lambda match: "_" + match.group().lower(), name)


def make_calls(Client):
    """Makes the calls of a job (see driver.ts) with the client of an SDK."""
    job = json.loads(sys.stdin.readline())
    lost = []
    client = Client(
        job["writeKey"],
        host=job["url"],
        gzip=job["gzip"],
        upload_size=job["flushAt"],
        upload_interval=0.2,
        on_error=lambda _, items: lost.extend(items),
    )
    for message in job["messages"]:
        call = getattr(client, message.pop("type"))
        call(**{snake(name): value for name, value in message.items()})
    client.shutdown()  # Flushes: it returns when nothing is left in the queue.
    print("failed", len(lost))
