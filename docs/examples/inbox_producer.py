"""Writes orders to a tenant's inbox: one order a line of standard input, as JSON.

    pip install -r requirements.txt
    python inbox_producer.py --brokers kafka:9092 --registry http://registry:8080/apis/ccompat/v7 \\
        --topic pos.inbox.TENANT_ID.v1 < orders.jsonl

Client settings such as sasl.username are given as --set NAME=VALUE, any number of them.
Ends with 0 when the brokers have every order, and with 1 otherwise: then send all of them again,
which counts nothing twice.
"""

import argparse
import json
import sys

from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--registry", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()

    # The shape is registered when the inbox is made; a producer uses it and registers nothing.
    registry = SchemaRegistryClient({"url": options.registry})
    serializer = AvroSerializer(
        registry, conf={"auto.register.schemas": False, "use.latest.version": True}
    )
    producer = Producer(
        {
            "bootstrap.servers": options.brokers,
            # Sent means that every in-sync copy has it; retries keep the order and add nothing.
            "acks": "all",
            "enable.idempotence": True,
            **dict(setting.split("=", 1) for setting in options.set),
        }
    )

    failed = []

    def on_delivery(error, message):
        if error is not None:
            failed.append((message.key(), error))

    context = SerializationContext(options.topic, MessageField.VALUE)
    sent = 0
    for line in sys.stdin:
        if not line.strip():
            continue
        order = json.loads(line)
        producer.produce(
            options.topic,
            # One key for all pictures of an order keeps them in the order in which they were written.
            key=order["orderId"],
            value=serializer(order, context),
            on_delivery=on_delivery,
        )
        producer.poll(0)
        sent += 1

    unanswered = producer.flush(60)
    for key, error in failed:
        print(f"{key.decode()}: {error}", file=sys.stderr)
    print(f"{sent - len(failed) - unanswered} of {sent} orders are durable", file=sys.stderr)
    return 1 if failed or unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
