"""Sends events with segment-analytics-python and its OAuth options, as one line of JSON on stdin says."""

import json
import sys
import time
from datetime import datetime, timedelta

from segment.analytics import oauth_manager, request
from segment.analytics.client import Client

job = json.loads(sys.stdin.readline())


def set_clock(seconds):
    """The clock that the SDK asks runs ahead of the machine's by so much."""
    real_time = time.time

    class Shifted(datetime):
        @classmethod
        def utcnow(cls):
            return datetime.utcnow() + timedelta(seconds=seconds)

    time.time = lambda: real_time() + seconds
    oauth_manager.datetime = Shifted


def report(answer, **_):
    print("answer", answer.request.path_url, answer.status_code, flush=True)


if job.get("clockAheadSeconds"):
    set_clock(job["clockAheadSeconds"])
for session in (oauth_manager._session, request._session):
    session.hooks["response"].append(report)

client = Client(
    job["writeKey"],
    host=job["url"],
    upload_interval=0.1,
    on_error=lambda problem, items: print("lost", len(items), problem, flush=True),
    oauth_client_id=job["clientId"],
    oauth_client_key=job["clientKey"],
    oauth_key_id=job["keyId"],
    oauth_auth_server=job["url"],
)
# One event for each further line; the SDK sends it before the next is read.
for line in sys.stdin:
    client.track("u", line.strip())
    client.flush()
    print("flushed", flush=True)
client.join()
