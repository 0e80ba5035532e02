//! What a type can be read from, found by reading it: a reader that hands out samples and notes what
//! it was asked for. It knows nothing of scenarios, so it cannot disagree with them.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// What may stand for a value.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Shape {
    /// Not asked for.
    #[default]
    Unknown,
    /// `true` or `false`.
    Truth,
    /// A whole number, 0 or more.
    Whole,
    /// A number.
    Number,
    /// Any text.
    Text,
    /// Something with a spelling of its own, described by its reader.
    Spelled(String),
    /// One of these names.
    OneOf(&'static [&'static str]),
    /// A list, of this many items if that is fixed.
    List(Box<Shape>, Option<usize>),
    /// A table with these keys.
    Table(Vec<(&'static str, Shape)>),
}

/// A text for each kind of spelling, so that its reader is content.
const SAMPLES: &[(&str, &str)] = &[
    ("a length of time", "1s"),
    ("a size", "1 GB"),
    ("a time of day", "08:00"),
    ("a datetime string", "2026-03-02T00:00"),
];

impl Shape {
    /// The shape of everything that `T` reads.
    ///
    /// # Errors
    /// If `T` has a spelling for which there is no sample.
    pub fn of<T: de::DeserializeOwned>() -> Result<Shape, String> {
        let mut shape = Shape::Unknown;
        T::deserialize(Asked(&mut shape)).map_err(|error| error.to_string())?;
        Ok(shape)
    }
}

/// Notes in the shape what it is asked for.
struct Asked<'a>(&'a mut Shape);

macro_rules! answers {
    ($($ask:ident: $shape:ident, $visit:ident($sample:expr);)*) => {
        $( fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            *self.0 = Shape::$shape;
            visitor.$visit($sample)
        } )*
    };
}

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = Error;

    answers! {
        deserialize_bool: Truth, visit_bool(true);
        deserialize_u8: Whole, visit_u8(1);
        deserialize_u16: Whole, visit_u16(1);
        deserialize_u32: Whole, visit_u32(1);
        deserialize_u64: Whole, visit_u64(1);
        deserialize_f64: Number, visit_f64(1.0);
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        *self.0 = Shape::Spelled(expected(&visitor));
        visitor.visit_f64(1.0)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let phrase = expected(&visitor);
        let sample = SAMPLES.iter().find(|(kind, _)| phrase.starts_with(kind));
        *self.0 = if phrase == "a string" { Shape::Text } else { Shape::Spelled(phrase) };
        visitor.visit_str(sample.map_or("a", |(_, text)| text))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut item = Shape::Unknown;
        let value = visitor.visit_seq(Items { item: &mut item, left: 1 })?;
        *self.0 = Shape::List(Box::new(item), None);
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        let mut item = Shape::Unknown;
        let value = visitor.visit_seq(Items { item: &mut item, left: len })?;
        *self.0 = Shape::List(Box::new(item), Some(len));
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut keys: Vec<_> = fields.iter().map(|field| (*field, Shape::Unknown)).collect();
        let value = visitor.visit_map(Keys { keys: &mut keys, next: 0 })?;
        *self.0 = Shape::Table(keys);
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        *self.0 = Shape::OneOf(variants);
        let sample: StrDeserializer<'_, Error> = variants.first().copied().unwrap_or("").into_deserializer();
        visitor.visit_enum(sample)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 char bytes byte_buf unit unit_struct newtype_struct tuple_struct map
        identifier ignored_any
    }
}

fn expected<'de, V: Visitor<'de>>(visitor: &V) -> String {
    (visitor as &dyn Expected).to_string()
}

struct Items<'a> {
    item: &'a mut Shape,
    left: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        seed.deserialize(Asked(self.item)).map(Some)
    }
}

struct Keys<'a> {
    keys: &'a mut Vec<(&'static str, Shape)>,
    next: usize,
}

impl<'de> MapAccess<'de> for Keys<'_> {
    type Error = Error;
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((key, _)) = self.keys.get(self.next) else { return Ok(None) };
        let key: StrDeserializer<'_, Error> = (*key).into_deserializer();
        seed.deserialize(key).map(Some)
    }
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let next = self.next;
        self.next += 1;
        seed.deserialize(Asked(&mut self.keys[next].1))
    }
}
