"""Makes the calls of a job (see driver.ts) with segment-analytics-python."""
from make_calls import make_calls
from segment.analytics import Client

make_calls(Client)
