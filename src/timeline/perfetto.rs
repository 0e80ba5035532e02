//! Perfetto's own format: a protobuf of TrackEvent packets, encoded by hand.
//!
//! Field numbers: google/perfetto, `protos/perfetto/trace/trace_packet.proto` and, below
//! `track_event/`, `track_event.proto`, `track_descriptor.proto`, `counter_descriptor.proto` and
//! `debug_annotation.proto`. Perfetto never renumbers a field.

use super::layout::{Arg, Args, Content, Item, Layout, Made, Row, in_order};
use std::io::{self, Write};
use std::iter::{self, Peekable};

/// A packet about an event.
struct Packet {
    /// By which packets are sorted.
    at: u64,
    /// Whether a slice ends.
    ends: bool,
    event: Message,
}

/// All packets are of one sequence, as of one writer.
const SEQUENCE: u64 = 1;
const NS_PER_MS: u64 = 1_000_000;

mod packet {
    pub(super) const TIMESTAMP: u32 = 8;
    pub(super) const TRUSTED_PACKET_SEQUENCE_ID: u32 = 10;
    pub(super) const TRACK_EVENT: u32 = 11;
    pub(super) const SEQUENCE_FLAGS: u32 = 13;
    pub(super) const TRACK_DESCRIPTOR: u32 = 60;
    /// `SEQ_INCREMENTAL_STATE_CLEARED`, which the first packet of a sequence must say.
    pub(super) const CLEARED: u64 = 1;
}

mod track {
    pub(super) const UUID: u32 = 1;
    pub(super) const NAME: u32 = 2;
    pub(super) const PARENT_UUID: u32 = 5;
    pub(super) const COUNTER: u32 = 8;
    pub(super) const CHILD_ORDERING: u32 = 11;
    pub(super) const SIBLING_ORDER_RANK: u32 = 12;
    pub(super) const DESCRIPTION: u32 = 14;
    pub(super) const COUNTER_UNIT_NAME: u32 = 6;
    pub(super) const EXPLICIT: u64 = 3;
}

mod event {
    pub(super) const DEBUG_ANNOTATIONS: u32 = 4;
    pub(super) const TYPE: u32 = 9;
    pub(super) const TRACK_UUID: u32 = 11;
    pub(super) const NAME: u32 = 23;
    pub(super) const DOUBLE_COUNTER_VALUE: u32 = 44;
    pub(super) const FLOW_IDS: u32 = 47;
    pub(super) const BEGIN: u64 = 1;
    pub(super) const END: u64 = 2;
    pub(super) const INSTANT: u64 = 3;
    pub(super) const COUNTER: u64 = 4;
}

mod annotation {
    pub(super) const NAME: u32 = 10;
    pub(super) const BOOL_VALUE: u32 = 2;
    pub(super) const UINT_VALUE: u32 = 3;
    pub(super) const DOUBLE_VALUE: u32 = 5;
    pub(super) const STRING_VALUE: u32 = 6;
    pub(super) const DICT_ENTRIES: u32 = 11;
}

/// What was written.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Written {
    /// How many bytes.
    pub bytes: usize,
    /// How many slices.
    pub slices: usize,
}

/// Writes the bytes of a `.pftrace` file, each packet as it is made.
///
/// # Errors
/// If they cannot be written.
pub fn write(layout: Layout<'_>, to: &mut dyn Write) -> io::Result<Written> {
    let root = layout.id << 32;
    let uuid = |place: usize| root + place as u64 + 1;
    let group = Message::default()
        .varint(track::UUID, root)
        .text(track::NAME, &layout.name)
        .varint(track::CHILD_ORDERING, track::EXPLICIT)
        .text(track::DESCRIPTION, &format!("Time 0 is {}.", layout.zero));
    let rows = layout.rows.iter().enumerate();
    let rows = rows.map(|(place, row)| describe(row, uuid(place), root, place as u64));
    let (mut bytes, mut slices) = (0, 0);
    let mut put = |message: Message| {
        let message = message.varint(packet::TRUSTED_PACKET_SEQUENCE_ID, SEQUENCE);
        let message = match bytes {
            0 => message.varint(packet::SEQUENCE_FLAGS, packet::CLEARED),
            _ => message,
        };
        let Message(message) = Message::default().message(1, &message);
        bytes += message.len();
        to.write_all(&message)
    };
    for descriptor in iter::once(group).chain(rows) {
        put(Message::default().message(packet::TRACK_DESCRIPTOR, &descriptor))?;
    }
    let events = layout.rows.into_iter().enumerate().map(|(place, row)| events(row, uuid(place)));
    for Packet { at, ends, event } in in_order(events, |packet| packet.at) {
        slices += usize::from(ends);
        put(Message::default()
            .varint(packet::TIMESTAMP, at * NS_PER_MS)
            .message(packet::TRACK_EVENT, &event))?;
    }
    Ok(Written { bytes, slices })
}

fn describe(row: &Row<'_>, uuid: u64, parent: u64, rank: u64) -> Message {
    let descriptor = Message::default()
        .varint(track::UUID, uuid)
        .varint(track::PARENT_UUID, parent)
        .text(track::NAME, &row.name)
        .varint(track::SIBLING_ORDER_RANK, rank);
    match row.content {
        Content::Samples(unit, _) => {
            descriptor.message(track::COUNTER, &Message::default().text(track::COUNTER_UNIT_NAME, unit))
        }
        Content::Items(_) => descriptor,
    }
}

fn events(row: Row<'_>, uuid: u64) -> Made<'_, Packet> {
    match row.content {
        Content::Items(items) => Box::new(Events { items: items.peekable(), uuid, open: Vec::new() }),
        Content::Samples(_, samples) => Box::new(samples.map(move |(at, value)| {
            let event = start(event::COUNTER, uuid).double(event::DOUBLE_COUNTER_VALUE, value);
            Packet { at, ends: false, event }
        })),
    }
}

/// What begins and ends in a row. Each slice does so by itself; those that it lies in are open meanwhile.
struct Events<'a> {
    items: Peekable<Made<'a, Item>>,
    uuid: u64,
    /// The ends of those that have begun.
    open: Vec<u64>,
}

impl Iterator for Events<'_> {
    type Item = Packet;

    fn next(&mut self) -> Option<Packet> {
        let next = self.items.peek().map_or(u64::MAX, |item| item.at);
        if let Some(end) = self.open.pop_if(|end| *end <= next) {
            return Some(Packet { at: end, ends: true, event: start(event::END, self.uuid) });
        }
        let item = self.items.next()?;
        self.open.extend(item.length.map(|length| item.at + length));
        let kind = if item.length.is_some() { event::BEGIN } else { event::INSTANT };
        let message = start(kind, self.uuid).text(event::NAME, &item.name);
        let message = annotated(message, event::DEBUG_ANNOTATIONS, &item.args);
        let flows = item.flows.iter();
        let event = flows.fold(message, |message, flow| message.fixed64(event::FLOW_IDS, *flow));
        Some(Packet { at: item.at, ends: false, event })
    }
}

fn start(kind: u64, uuid: u64) -> Message {
    Message::default().varint(event::TYPE, kind).varint(event::TRACK_UUID, uuid)
}

fn annotated(message: Message, field: u32, args: &Args) -> Message {
    args.iter().fold(message, |message, (name, value)| {
        let annotation = Message::default().text(annotation::NAME, name);
        let annotation = match value {
            Arg::Text(text) => annotation.text(annotation::STRING_VALUE, text),
            Arg::Whole(number) => annotation.varint(annotation::UINT_VALUE, *number),
            Arg::Number(number) => annotation.double(annotation::DOUBLE_VALUE, *number),
            Arg::Flag(flag) => annotation.varint(annotation::BOOL_VALUE, u64::from(*flag)),
            Arg::Group(args) => annotated(annotation, annotation::DICT_ENTRIES, args),
        };
        message.message(field, &annotation)
    })
}

/// A protobuf message under construction, as "Encoding" in its documentation has it.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(mut self, field: u32, value: u64) -> Message {
        self.tag(field, 0);
        self.base_128(value);
        self
    }

    fn fixed64(mut self, field: u32, value: u64) -> Message {
        self.tag(field, 1);
        self.0.extend(value.to_le_bytes());
        self
    }

    fn double(self, field: u32, value: f64) -> Message {
        self.fixed64(field, value.to_bits())
    }

    fn text(self, field: u32, text: &str) -> Message {
        self.bytes(field, text.as_bytes())
    }

    fn message(self, field: u32, message: &Message) -> Message {
        self.bytes(field, &message.0)
    }

    fn bytes(mut self, field: u32, bytes: &[u8]) -> Message {
        self.tag(field, 2);
        self.base_128(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn tag(&mut self, field: u32, wire_type: u32) {
        self.base_128(u64::from(field << 3 | wire_type));
    }

    fn base_128(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_encoded_as_the_documentation_of_protobuf_shows() {
        let message = Message::default();
        let message = message.varint(1, 150).text(2, "testing").fixed64(47, 1).varint(3, 0);
        let expected = b"\x08\x96\x01\x12\x07testing\xf9\x02\x01\0\0\0\0\0\0\0\x18\0";
        assert_eq!(message.0, expected);
    }
}
