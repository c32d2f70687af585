"""Makes the calls of a job (see driver.ts) with rudder-sdk-python."""
from make_calls import make_calls
from rudderstack.analytics.client import Client

make_calls(Client)
