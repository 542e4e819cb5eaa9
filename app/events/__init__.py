"""Events: the record of changes, followed as it grows: by subscriptions, by the relay to Kafka and by webhooks.

Whoever follows asks first which changes are settled (reading.py), so that a slow transaction is never skipped.
"""
