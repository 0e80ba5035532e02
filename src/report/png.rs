//! Charts as PNG, for slides and documents that take no SVG. The letters come from a font that is bundled, so
//! that the picture is the same on every machine; fonts of the system are not looked at.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::Arc;

/// Pixels to the pixel of the SVG, for sharp screens and for print.
const SCALE: f32 = 2.0;

/// More would ask for more than 400 MB of memory.
const MOST_PIXELS: u64 = 100_000_000;

const FONTS: [&[u8]; 2] = [include_bytes!("fonts/Inter-Regular.otf"), include_bytes!("fonts/Inter-Bold.otf")];

/// The picture as PNG at twice its size, always in light colours. The same SVG gives the same bytes. Fails
/// where the text is no SVG, or one too large to draw.
pub fn png(svg: &str) -> Result<Vec<u8>, String> {
    let tree = Tree::from_str(&light(svg), &options()).map_err(|error| error.to_string())?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or("the picture is too large")?;
    if u64::from(size.width()) * u64::from(size.height()) > MOST_PIXELS {
        return Err("the picture is too large".into());
    }
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or("the picture is too large")?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}

fn options() -> Options<'static> {
    let mut fonts = fontdb::Database::new();
    for font in FONTS {
        fonts.load_font_data(font.to_vec());
    }
    fonts.set_sans_serif_family("Inter");
    Options { fontdb: Arc::new(fonts), font_family: "Inter".into(), ..Options::default() }
}

/// The picture without its style, which holds nothing but its dark colours.
fn light(svg: &str) -> String {
    let parts =
        svg.split_once("<style>").and_then(|(before, rest)| Some((before, rest.split_once("</style>")?.1)));
    parts.map_or(svg.into(), |(before, after)| [before, after].concat())
}
