"""Webhooks: changes, as a client sees them, sent to an address as Standard Webhooks say (docs/webhooks.md)."""
