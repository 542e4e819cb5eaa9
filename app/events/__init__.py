"""Events: the record of changes, sent on as it grows, to subscriptions, to Kafka by the relay, and to webhooks.

Each reader asks first which changes are settled (reading.py), so that it never skips a slow transaction.
"""
