"""Reads a trace with the official schema, as Perfetto's own Python package ships it, and checks what the schema
cannot say. Usage: python3 check_pftrace.py FILE

Prints one line and exits 0 if all is well; raises otherwise.
"""

import sys
from collections import Counter

from google.protobuf.unknown_fields import UnknownFieldSet
from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace, TrackDescriptor, TrackEvent


def unknown_fields(message):
    """How many fields of a message, and of those within it, the schema does not know."""
    found = len(UnknownFieldSet(message))
    for field, value in message.ListFields():
        if field.message_type is not None:
            within = value if field.is_repeated else [value]
            found += sum(unknown_fields(one) for one in within)
    return found


def main(path):
    trace = Trace()
    with open(path, "rb") as file:
        trace.ParseFromString(file.read())
    assert trace.packet, "no packets"
    assert unknown_fields(trace) == 0, "fields that the schema does not know"

    first = trace.packet[0]
    assert first.sequence_flags == 1 and first.track_descriptor.child_ordering == TrackDescriptor.EXPLICIT
    root = first.track_descriptor.uuid
    described = {p.track_descriptor.uuid: p.track_descriptor for p in trace.packet if p.HasField("track_descriptor")}
    children = [track for uuid, track in described.items() if uuid != root]
    assert all(track.parent_uuid == root and track.name for track in children)
    assert [track.sibling_order_rank for track in children] == list(range(len(children)))

    events = [p for p in trace.packet if p.HasField("track_event")]
    times = [p.timestamp for p in events]
    assert times == sorted(times), "timestamps are not sorted"
    depth, flows, counters = Counter(), Counter(), Counter()
    for packet in events:
        event = packet.track_event
        assert event.track_uuid in described, "an event on a track that nobody described"
        if event.type == TrackEvent.TYPE_SLICE_BEGIN:
            depth[event.track_uuid] += 1
        elif event.type == TrackEvent.TYPE_SLICE_END:
            depth[event.track_uuid] -= 1
            assert depth[event.track_uuid] >= 0, "an end without a beginning"
        elif event.type == TrackEvent.TYPE_COUNTER:
            assert described[event.track_uuid].HasField("counter")
            counters[event.track_uuid] += 1
        else:
            assert event.type == TrackEvent.TYPE_INSTANT
        flows.update(event.flow_ids)
    assert not any(depth.values()), "a slice that never ends"
    assert all(uses >= 2 for uses in flows.values()), "a flow that leads nowhere"
    assert counters, "no counter"
    print(f"{len(trace.packet)} packets, {len(described)} tracks, {len(flows)} flows, 0 unknown fields")


main(sys.argv[1])
