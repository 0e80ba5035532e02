//! What follows from the variants of an enum, so that nobody keeps it by hand beside them: all of them in
//! order, how many there are, and what each is called in files.

/// Gives enums that derive `strum`'s `VariantArray` and `VariantNames` all their variants as an array, whose
/// length is their number, and their names as constants.
#[macro_export]
macro_rules! named {
    ($($name:ty),+) => {
        $(
            // A variant's number is its place: arrays are indexed by it, and so are the names.
            const _: () = {
                let mut place = 0;
                while place < <$name>::ALL.len() {
                    assert!(<$name>::ALL[place] as usize == place, "a variant has a number of its own");
                    place += 1;
                }
            };

            impl $name {
                /// Every one, in order.
                pub const ALL: [$name; <$name as strum::VariantArray>::VARIANTS.len()] =
                    *<$name as strum::VariantArray>::VARIANTS.first_chunk().expect("as long as itself");

                /// The name in files.
                pub const fn name(self) -> &'static str {
                    <$name as strum::VariantNames>::VARIANTS[self as usize]
                }
            }
        )+
    };
}
