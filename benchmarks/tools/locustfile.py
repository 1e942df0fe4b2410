"""One request, with its name and a check, by the faster of Locust's two clients."""
import os

from locust import FastHttpUser, constant_throughput, task


class Visitor(FastHttpUser):
    if "PER_USER" in os.environ:
        wait_time = constant_throughput(float(os.environ["PER_USER"]))

    @task
    def hello(self):
        with self.client.get("/", name="hello", catch_response=True) as response:
            if response.status_code != 200:
                response.failure("not 200")
