"""The channels, one module each: a folder; or mail with a notice, with the report, or with the encrypted report."""

from flows.steps.deliver.channels.channel import Channel, DeliveryFailed, DeliveryUnknown, Parcel

__all__ = ["Channel", "DeliveryFailed", "DeliveryUnknown", "Parcel"]
