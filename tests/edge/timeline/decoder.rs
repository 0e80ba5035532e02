//! Reads a trace back: protobuf by its documentation, fields by Perfetto's, and nothing by the encoder
//! that is tested.

use std::collections::BTreeMap;

/// A value on the wire.
#[derive(Clone, PartialEq, Debug)]
pub enum Wire<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
}

/// The fields of a message in order. Panics on whatever does not parse to the last byte.
pub fn fields(mut bytes: &[u8]) -> Vec<(u64, Wire<'_>)> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let value = match tag & 7 {
            0 => Wire::Varint(varint(&mut bytes)),
            1 => Wire::Fixed64(u64::from_le_bytes(take(&mut bytes, 8).try_into().unwrap())),
            2 => {
                let length = varint(&mut bytes) as usize;
                Wire::Bytes(take(&mut bytes, length))
            }
            other => panic!("wire type {other}"),
        };
        assert!(tag >> 3 > 0);
        found.push((tag >> 3, value));
    }
    found
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (head, rest) = bytes.split_at(length);
    *bytes = rest;
    head
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)[0];
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return value;
        }
    }
    panic!("a varint that does not end");
}

/// A message's fields, each once.
pub struct Message<'a>(Vec<(u64, Wire<'a>)>);

impl<'a> Message<'a> {
    pub fn of(bytes: &'a [u8]) -> Message<'a> {
        Message(fields(bytes))
    }

    pub fn all(&self, field: u64) -> impl Iterator<Item = &Wire<'a>> {
        self.0.iter().filter(move |(number, _)| *number == field).map(|(_, value)| value)
    }

    pub fn number(&self, field: u64) -> Option<u64> {
        match self.all(field).next()? {
            Wire::Varint(value) | Wire::Fixed64(value) => Some(*value),
            Wire::Bytes(_) => panic!("field {field} is no number"),
        }
    }

    pub fn bytes(&self, field: u64) -> Option<&'a [u8]> {
        match self.all(field).next()? {
            Wire::Bytes(bytes) => Some(bytes),
            other => panic!("field {field} is {other:?}"),
        }
    }

    pub fn text(&self, field: u64) -> Option<&'a str> {
        self.bytes(field).map(|bytes| std::str::from_utf8(bytes).unwrap())
    }

    pub fn message(&self, field: u64) -> Option<Message<'a>> {
        self.bytes(field).map(Message::of)
    }
}

/// What a trace holds, as far as it is asked for.
#[derive(Default)]
pub struct Read {
    /// The tracks by uuid.
    pub tracks: BTreeMap<u64, Track>,
    pub events: Vec<Event>,
}

#[derive(PartialEq, Debug)]
pub struct Track {
    pub name: String,
    pub parent: Option<u64>,
    pub rank: Option<u64>,
    /// The unit of a counter.
    pub unit: Option<String>,
}

pub struct Event {
    pub at: u64,
    pub kind: u64,
    pub track: u64,
    pub name: String,
    pub value: Option<f64>,
    pub flows: Vec<u64>,
    /// The names of its annotations.
    pub args: Vec<String>,
}

pub const BEGIN: u64 = 1;
pub const END: u64 = 2;
pub const COUNTER: u64 = 4;

/// Reads a whole trace.
pub fn read(trace: &[u8]) -> Read {
    let mut read = Read::default();
    for (number, (field, packet)) in fields(trace).into_iter().enumerate() {
        let Wire::Bytes(packet) = packet else { panic!("a trace holds packets only") };
        assert_eq!(field, 1);
        let packet = Message::of(packet);
        assert_eq!(packet.number(10), Some(1), "one sequence");
        assert_eq!(packet.number(13), (number == 0).then_some(1), "state is cleared at its start");
        if let Some(track) = packet.message(60) {
            assert!(read.events.is_empty(), "tracks are described first");
            let described = Track {
                name: track.text(2).unwrap().to_owned(),
                parent: track.number(5),
                rank: track.number(12),
                unit: track.message(8).map(|counter| counter.text(6).unwrap().to_owned()),
            };
            assert!(read.tracks.insert(track.number(1).unwrap(), described).is_none(), "described twice");
        } else {
            read.events.push(event(packet.number(8).unwrap(), &packet.message(11).unwrap()));
        }
    }
    read
}

fn event(at: u64, event: &Message<'_>) -> Event {
    let number = |wire: &Wire<'_>| match wire {
        Wire::Fixed64(value) => *value,
        other => panic!("a flow is {other:?}"),
    };
    let name = |wire: &Wire<'_>| match wire {
        Wire::Bytes(bytes) => Message::of(bytes).text(10).unwrap().to_owned(),
        other => panic!("an annotation is {other:?}"),
    };
    Event {
        at,
        kind: event.number(9).unwrap(),
        track: event.number(11).unwrap(),
        name: event.text(23).unwrap_or_default().to_owned(),
        value: event.number(44).map(f64::from_bits),
        flows: event.all(47).map(number).collect(),
        args: event.all(4).map(name).collect(),
    }
}
